/** `writ policy import`: a module that checks, requests as events that it decides, and what cannot be read. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { policyImportSchema } from '../src/schemas.ts'
import { folder, writ } from './writ.ts'

const examples = resolve(import.meta.dirname, '../../docs/examples/cedar')
const photos = [join(examples, 'photos.cedar'), '--schema', join(examples, 'photos.cedarschema')]

test('the example of the documents: imported, its requests decided', async () => {
  const cwd = folder({})
  const requests = ['--requests', join(examples, 'requests.ndjson'), '--entities', join(examples, 'entities.json')]
  const { code, stderr } = await writ(
    ['policy', 'import', 'cedar', ...photos, '--output', 'photos.writ', ...requests, '--events', 'requests.ndjson'],
    { cwd },
  )
  expect(stderr).toBe('3 events written to requests.ndjson\n3 rules written to photos.writ\n')
  expect(code).toBe(0)
  expect((await writ(['check', '.'], { cwd })).code).toBe(0)
  const simulated = await writ(['simulate', '.', '--events', 'requests.ndjson', '--format', 'ndjson'], { cwd })
  const decided = simulated.stdout.trim().split('\n')
  expect(decided.map(line => (JSON.parse(line) as { decision?: string }).decision).filter(Boolean)).toEqual([
    'permit',
    'deny',
    'permit',
  ])
})

test('what has no equivalent is told with its place', async () => {
  const cwd = folder({ 'a.cedar': 'permit (\n  principal == ?principal, action, resource\n);\n' })
  const { code, stdout, stderr } = await writ(['policy', 'import', 'cedar', 'a.cedar', '--format', 'json'], { cwd })
  expect(code).toBe(0)
  const { losses } = policyImportSchema.parse(JSON.parse(stdout))
  expect(losses.map(({ place, policy }) => `${place} ${policy}`)).toEqual(['a.cedar:2 policy0'])
  expect(stderr).toContain('1 thing without an equivalent:\n  a.cedar:2 policy0: templates have no equivalent')
})

test.each([
  [['cedar', 'broken.cedar'], 'W3075: broken.cedar:1 cannot be read: "(" is expected, not "principal".'],
  [['cedar', 'missing.cedar'], 'W3011: missing.cedar cannot be read'],
  [['rego', 'broken.cedar'], 'W3004: writ policy import cannot read "rego".'],
  [['cedar', 'a.cedar', '--requests', 'r.json'], 'W3003: --requests is not enough'],
  [['cedar', 'a.cedar', '--requests', 'r.json', '--events', 'e.ndjson'], 'W3075: r.json cannot be read: number 1:'],
])('refused: %s', async (args, says) => {
  const cwd = folder({
    'a.cedar': 'permit (principal, action, resource);',
    'broken.cedar': 'permit principal;',
    'r.json': '{"principal": 1}',
  })
  const { code, stderr } = await writ(['policy', 'import', ...args], { cwd })
  expect(stderr.replace(/\s+/g, ' ')).toContain(says)
  expect(code).toBe(2)
})

test('the example of OPA: what a decision log says, and what the rules make of it', async () => {
  const opa = resolve(examples, '../opa')
  expect((await writ(['check', opa])).code).toBe(0)
  const { stdout } = await writ(['simulate', opa, '--format', 'ndjson'])
  const decided = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { decision?: string; rule?: string | null })
  expect(decided.flatMap(({ decision }) => decision ?? [])).toEqual([
    'permit',
    'permit',
    'deny',
    'deny',
    'permit',
    'hold',
  ])
})

test('a decision log of OPA drafts a workspace', async () => {
  const cwd = folder({})
  writeFileSync(join(cwd, 'decisions.ndjson'), readFileSync(resolve(examples, '../opa/decisions.ndjson')))
  expect((await writ(['init', 'audit', '--from', 'decisions.ndjson'], { cwd })).code).toBe(0)
  expect((await writ(['check', 'audit'], { cwd })).code).toBe(0)
})
