/** `writ format`. What the form is, is tested in grammar/. */
import { expect, test } from 'vitest'
import { folder, readText, writ } from './writ.ts'

const untidy = 'module a\ntype   Channel=enum{chat,email}\n'

test('writes the files that change, says which', async () => {
  const cwd = folder({ 'a.writ': untidy, 'b/b.writ': 'module b\n' })
  const first = await writ(['format'], { cwd })
  expect(first).toEqual({ code: 0, stdout: '  a.writ\n✓ 1 file formatted, 1 other formatted already\n', stderr: '' })
  expect(readText(cwd, 'a.writ')).toContain('type Channel = enum { chat, email }')
  expect((await writ(['format'], { cwd })).stdout).toBe('✓ 2 files formatted already\n')
})

test('--check changes nothing and exits with 1', async () => {
  const cwd = folder({ 'a.writ': untidy })
  const { code, stdout } = await writ(['format', '--check', 'a.writ'], { cwd })
  expect(stdout).toBe('  a.writ\n! 1 file would change; "writ format" writes them\n')
  expect(code).toBe(1)
  expect(readText(cwd, 'a.writ')).toBe(untidy)
})

test('--stdin', async () => {
  const { code, stdout } = await writ(['format', '--stdin'], { input: untidy })
  expect(stdout).toContain('type Channel = enum { chat, email }')
  expect(code).toBe(0)
})

test('--format json', async () => {
  const { stdout } = await writ(['format', '--check', '--format', 'json'], { cwd: folder({ 'a.writ': untidy }) })
  expect(JSON.parse(stdout)).toEqual({ files: [{ file: 'a.writ', changed: true }], written: false })
})

test('what cannot be parsed stays', async () => {
  const broken = 'module a\n\npolicy {{{\n'
  const cwd = folder({ 'a.writ': broken })
  expect((await writ(['format'], { cwd })).code).toBe(0)
  expect(readText(cwd, 'a.writ')).toContain('policy {{{')
})
