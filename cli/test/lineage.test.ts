/** `writ lineage`: the overview, one node, the published form, and names that are none. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decisionLineageSchema, lineageSchema } from '../src/schemas.ts'
import { writ } from './writ.ts'

const refunds = 'samples/refunds'

test('what every rule asks and every sink gets', async () => {
  const { code, stdout } = await writ(['lineage', refunds])
  expect(code).toBe(0)
  expect(stdout).toContain('spent  ← sum(amount) of RefundRequested by customer over 24h\n')
  expect(stdout).toContain('open_case.customer (personal(identifier))')
})

test('where one field goes', async () => {
  const { code, stdout } = await writ([
    'lineage',
    refunds,
    '--of',
    'RefundRequested.customer',
    '--direction',
    'downstream',
    '--depth',
    '2',
  ])
  expect(code).toBe(0)
  expect(stdout).toContain(`goes to
  → goes unchanged into open_case.customer  field of an obligation · personal(identifier)
    → goes unchanged into sink open_case  sink · accepts personal(identifier)
`)
  expect(stdout).not.toContain('comes from')
})

test('for programs', async () => {
  const { stdout } = await writ(['lineage', refunds, '--format', 'json'])
  const { nodes, edges } = lineageSchema.parse(JSON.parse(stdout))
  const known = new Set(nodes.map(node => node.id))
  expect(edges.filter(edge => !known.has(edge.from) || !known.has(edge.to))).toEqual([])
  expect(nodes.find(node => node.id === 'rule:refunds.refunds.small')?.place).toMatchObject({ file: 'refunds.writ' })
})

test('as a page that loads and runs nothing', async () => {
  const { stdout } = await writ(['lineage', refunds, '--format', 'html'])
  expect(stdout).toMatch(/^<!doctype html>/)
  expect(stdout).toContain("default-src 'none'")
  expect(stdout).not.toMatch(/<script|<link|<img|url\(/)
})

test('a name that is none, and one that may be several', async () => {
  const none = await writ(['lineage', refunds, '--of', 'spend'])
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('W3035')])
  expect(none.stderr).toContain('Did you mean spent?')
  const several = await writ(['lineage', refunds, '--of', 'open_case'])
  expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('may mean several nodes')])
})

test('a program with errors has no lineage', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'writ-lineage-'))
  writeFileSync(join(folder, 'a.writ'), `${readFileSync(join(refunds, 'refunds.writ'), 'utf8')}\n`)
  const { code, stdout, stderr } = await writ(['lineage', folder])
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain('nothing was run')
})

test('of one decision, for people', async () => {
  const { code, stdout } = await writ(['lineage', refunds, '--event', '5', '--policy', 'refunds'])
  expect(code).toBe(0)
  expect(stdout).toContain('← RefundRequested 5.amount is gathered in  field · 37.47 USD')
  expect(stdout).toContain('amount above 50.00 USD instead of 37.47 USD → hold by lead_signs')
})

test('of one decision, for programs: every node stands for one of the program', async () => {
  const { stdout } = await writ(['lineage', refunds, '--at', 'generated.ndjson:4', '--format', 'json'])
  const { event, decisions, nodes } = decisionLineageSchema.parse(JSON.parse(stdout))
  expect(event.number).toBe(5)
  expect(decisions.map(({ policy, decision }) => `${policy} ${decision}`)).toEqual([
    'refunds permit',
    'velocity permit',
  ])
  const program = lineageSchema.parse(JSON.parse((await writ(['lineage', refunds, '--format', 'json'])).stdout))
  const known = new Set(program.nodes.map(({ id }) => id))
  expect(nodes.filter(({ of }) => !known.has(of))).toEqual([])
})

test('of one decision, as a page', async () => {
  const { stdout } = await writ(['lineage', refunds, '--event', '5', '--format', 'html'])
  expect(stdout).toContain('<h3>Would be otherwise</h3>')
  expect(stdout).toContain('<svg')
  expect(stdout).not.toContain('<script')
})

test.each([
  { args: ['--event', '5', '--of', 'spent'], says: 'error W3003: --of does not go with --event' },
  { args: ['--event', '5', '--format', 'openlineage'], says: 'error W3003: --format has no form for single decisions' },
  { args: ['--event', '99999'], says: 'error W3024:' },
  { args: ['--event', '40'], says: 'error W3025:' },
])('of one decision, $args', async ({ args, says }) => {
  const { code, stderr } = await writ(['lineage', refunds, ...args])
  expect(code).toBe(2)
  expect(stderr).toContain(says)
})
