/** `writ contract import` and `export`: files in, files out, and what cannot be read. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contractImportSchema } from '../src/schemas.ts'
import { folder, readText, refunds, writ } from './writ.ts'

test('export and import give the same contracts', async () => {
  const cwd = folder(refunds)
  const exported = await writ(['contract', 'export', '.', '--odcs', '--output', 'refund.odcs.yaml'], { cwd })
  expect(exported).toMatchObject({ code: 0, stdout: '' })
  expect(readText(cwd, 'refund.odcs.yaml')).toContain('apiVersion: v3.1.0\nkind: DataContract\nid: refunds.Refund\n')
  const imported = await writ(['contract', 'import', 'odcs', 'refund.odcs.yaml', '--output', 'back.writ'], { cwd })
  expect(imported).toEqual({ code: 0, stdout: '', stderr: '1 contract written to back.writ\n' })
  expect((await writ(['contract', 'diff', 'refunds.writ', 'back.writ'], { cwd })).stdout).toBe('✓ no changes\n')
  const again = await writ(['contract', 'import', 'odcs', 'refund.odcs.yaml', '--output', 'back.writ'], { cwd })
  expect(again.stderr).toContain('error W3030: back.writ cannot be written: it is already there.')
  expect(again.code).toBe(2)
  expect(readdirSync(cwd).sort()).toEqual(['back.writ', 'recorded', 'refund.odcs.yaml', 'refunds.writ'])
})

test('a JSON Schema on stdout, what it loses on stderr', async () => {
  const schema = { type: 'object', properties: { a: { type: 'integer', default: 1 } } }
  const cwd = folder({ 'paid.schema.json': JSON.stringify(schema) })
  const { code, stdout, stderr } = await writ(['contract', 'import', 'json-schema', 'paid.schema.json'], { cwd })
  expect(stdout).toContain('contract Paid {\n  a  : Int?\n}\n')
  expect(stderr).toBe('1 thing without an equivalent:\n  #/properties/a/default: has no equivalent in a contract\n')
  expect(code).toBe(0)
  const json = await writ(['contract', 'import', 'json-schema', 'paid.schema.json', '--format', 'json'], { cwd })
  expect(contractImportSchema.parse(JSON.parse(json.stdout))).toMatchObject({
    contracts: ['Paid'],
    losses: [{ path: '#/properties/a/default' }],
  })
})

test.each([
  [['import', 'avro', 'a.yaml'], 'W3004: writ contract import cannot read "avro".'],
  [['import', 'odcs', 'none.yaml'], 'W3011: none.yaml cannot be read: there is no such file'],
  [['import', 'odcs', 'a.yaml'], 'W3064: a.yaml cannot be read as odcs: apiVersion'],
  [['import', 'odcs', 'bytes.yaml'], 'W3011: bytes.yaml cannot be read: it is not UTF-8.'],
  [['export', 'e.writ', '--contract', 'Pad'], 'W3023: there is no contract Pad in e.writ. Did you mean Paid?'],
  [['export', 'none'], 'W3011: none cannot be read'],
])('contract %j is refused', async (args, message) => {
  const cwd = folder({
    'a.yaml': 'a: b',
    'e.writ': 'module e\ncontract Paid { a: Int }\n',
    'bytes.yaml': new Uint8Array([0x61, 0xff]),
  })
  const { code, stderr } = await writ(['contract', ...args], { cwd })
  expect(stderr.replace(/\n {2}/g, ' ')).toContain(message)
  expect(code).toBe(2)
})
