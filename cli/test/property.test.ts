/** `writ property`. What is proved and refuted is tested in engine/. */
import { expect, test } from 'vitest'
import { propertySchema } from '../src/schemas.ts'
import { folder, readText, refunds, writ } from './writ.ts'

const stated = {
  ...refunds,
  'stated.writ': `module refunds

property none "a refund above 600 USD is never permitted" {
  for all Refund as r where r.amount > 600 USD
  never permit
}
property any_refund "whatever it is, it is permitted" {
  for all Refund
  always permit
}
`,
}

test('proved and refuted, with the story and why; exit 1', async () => {
  const { code, stdout } = await writ(['property'], { cwd: folder(stated) })
  expect(stdout).toContain('✓ none "a refund above 600 USD is never permitted": proved\n')
  expect(stdout).toContain('✗ any_refund "whatever it is, it is permitted": refuted, it claims always permit, but:\n')
  expect(stdout).toContain('→ deny by the default of limits\n')
  expect(stdout).toContain('✗ 2 properties: 1 proved, 1 refuted, 0 not proved\n')
  expect(code).toBe(1)
})

test('--write-test adds the story as a test that passes', async () => {
  const cwd = folder(stated)
  const { code, stderr } = await writ(['property', '--write-test', 'found.writ'], { cwd })
  expect(stderr).toBe('1 test added to found.writ\n')
  expect(code).toBe(1)
  expect(readText(cwd, 'found.writ')).toContain('/// Refutes the property any_refund.')
  const { stdout } = await writ(['test', '--filter', 'against'], { cwd })
  expect(stdout).toContain('✓ 1 test passed')
})

test('--write-test into a file that cannot have it writes nothing', async () => {
  const cwd = folder({ ...stated, 'other.writ': 'module other\n' })
  const { code, stderr } = await writ(['property', '--write-test', 'other.writ'], { cwd })
  expect(stderr).toContain('error W3070: nothing was written to other.writ: with it other.writ would have an error')
  expect(code).toBe(2)
  expect(readText(cwd, 'other.writ')).toBe('module other\n')
})

test('--format json is the published form', async () => {
  const { stdout } = await writ(['property', '--format', 'json'], { cwd: folder(stated) })
  const { properties } = propertySchema.parse(JSON.parse(stdout))
  expect(properties.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(['none proved', 'any_refund refuted'])
})

test.each([
  [['property', '--size', '0'], '--size does not know "0"'],
  [['property', '--filter', 'zzz'], 'error W3071'],
])('%s is refused', async (args, message) => {
  const { code, stderr } = await writ(args, { cwd: folder(stated) })
  expect(stderr).toContain(message)
  expect(code).toBe(2)
})
