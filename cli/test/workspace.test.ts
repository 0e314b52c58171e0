/** Folders and files that cannot be a workspace: each is said with its place and what to do. */
import { expect, test } from 'vitest'
import { folder, refunds, writ } from './writ.ts'

test('no .writ files', async () => {
  const cwd = folder({ 'README.md': 'nothing here', 'node_modules/x/a.writ': 'module a', '.hidden/b.writ': 'module b' })
  const { code, stderr } = await writ(['check'], { cwd })
  expect(stderr).toContain('error W3010: there are no .writ files under .')
  expect(stderr).toContain('writ init')
  expect(code).toBe(2)
})

test.each([
  ['check', 'there is no such folder'],
  ['test', 'there is no such folder'],
])('%s of a folder that is not there', async (command, why) => {
  const { code, stderr } = await writ([command, 'nowhere'], { cwd: folder() })
  expect(stderr).toContain(`error W3011: nowhere cannot be read: ${why}.`)
  expect(code).toBe(2)
})

test('a file that is not UTF-8 is named with its line', async () => {
  const bytes = Buffer.concat([Buffer.from('module a\n// caf'), Buffer.from([0xe9]), Buffer.from('\n')])
  const { code, stderr } = await writ(['check'], { cwd: folder({ 'policies/a.writ': bytes }) })
  expect(stderr).toContain('policies/a.writ:2: error W3012: policies/a.writ is not UTF-8: byte 15, in line 2,')
  expect(code).toBe(2)
})

test('a written replacement character is fine, and so is a byte order mark', async () => {
  const cwd = folder({ 'a.writ': '\ufeffmodule a\n// \ufffd\n' })
  expect((await writ(['check'], { cwd })).code).toBe(0)
})

test.each([
  ['{ "events": { "a": } }', 'writ.json:1:20: error W3014: writ.json is no JSON: '],
  [
    '{\n  "events": {\n    "a": { "pth": "x" }\n  }\n}',
    'writ.json:3:12: error W3015: events.a.pth in writ.json: there is no such setting. Known here: path, source. Did you mean path?',
  ],
  [
    '{ "event": {} }',
    'writ.json:1:3: error W3015: event in writ.json: there is no such setting. Known here: events, baselines, source, lint, history, gate, privacy. Did you mean events?',
  ],
  ['{ "lint": { "W0102": "off", "W9x": "off" } }', 'writ.json:1:29: error W3015: lint.W9x in writ.json'],
  ['{ "lint": { "W3010": "off" } }', 'W3010 is an error and cannot be lowered to off'],
  ['{ "source": 3 }', 'writ.json:1:3: error W3015: source in writ.json: '],
  ['[]', 'writ.json:1:1: error W3015: the whole text in writ.json: '],
])('writ.json %j', async (settings, message) => {
  const { code, stderr } = await writ(['check'], { cwd: folder({ ...refunds, 'writ.json': settings }) })
  expect(stderr.replace(/\n {2}/g, ' ')).toContain(message)
  expect(code).toBe(2)
})
