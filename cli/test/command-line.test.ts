/** Mistakes on the command line, help, version, and what the shell sees of a process. */
import { expect, test } from 'vitest'
import { folder, refunds, writ } from './writ.ts'

test('without a command: help on stderr, exit 2', async () => {
  const { code, stdout, stderr } = await writ([])
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain('writ init hello && writ simulate hello')
})

test('--help lists every command, exit 0', async () => {
  const { code, stdout } = await writ(['--help'])
  expect(code).toBe(0)
  for (const name of ['init', 'check', 'format', 'test', 'simulate', 'explain']) expect(stdout).toContain(`  ${name} `)
})

test.each(['init', 'check', 'format', 'test', 'simulate', 'explain'])('%s --help has an example', async name => {
  const { code, stdout } = await writ([name, '--help'])
  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`^writ ${name} `))
  expect(stdout).toMatch(new RegExp(`Examples?\n  writ ${name} `))
  expect(stdout.split('\n').filter(line => line.length > 100)).toEqual([])
  expect(await writ(['help', name])).toEqual({ code, stdout, stderr: '' })
})

test('--version', async () => {
  const { code, stdout } = await writ(['--version'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^writ \d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+\)\n$/)
})

test.each([
  [['chekc'], 'error W3001: "chekc" is no command of writ. Did you mean check? "writ --help" lists the commands.\n'],
  [['check', '--fromat', 'json'], 'error W3002: writ check has no option --fromat. Did you mean --format? "writ check'],
  [['check', '--format'], 'error W3003: --format needs a value. Give one of text, json, sarif.\n'],
  [['check', '--format', 'yaml'], 'error W3003: --format does not know "yaml". Give one of text, json, sarif.\n'],
  [['check', '--format=yaml'], 'error W3003: --format does not know "yaml"'],
  [['check', '--fix=yes'], 'error W3003: --fix takes no value. Give --fix alone.\n'],
  [['test', '--filter', '--format', 'json'], 'error W3003: --filter needs a value. Give --filter TEXT.\n'],
  [['test', 'a', 'b'], 'error W3004: writ test takes one argument, not 2.'],
  [
    ['simulate'],
    'error W3004: writ simulate needs WORKSPACE. It is used like this: writ simulate WORKSPACE [options]\n',
  ],
  [['explain', 'W9999'], 'error W3033: there is no problem code W9999.'],
])('writ %j', async (args, message) => {
  const { code, stdout, stderr } = await writ(args)
  expect(stderr.replace(/\n {2}/g, ' ')).toContain(message)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

test('explain CODE prints its page', async () => {
  const { code, stdout } = await writ(['explain', 'w3010'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^# W3010: No \.writ files found\n/)
})

test('no colour without a terminal; FORCE_COLOR gives it, NO_COLOR takes it', async () => {
  const escapeSign = '\u001b['
  const cwd = folder(refunds)
  expect((await writ(['check'], { cwd })).stdout).not.toContain(escapeSign)
  expect((await writ(['check'], { cwd, env: { FORCE_COLOR: '1' } })).stdout).toContain(escapeSign)
  expect((await writ(['check'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(escapeSign)
})

test('the first word of commands of two words lists them', async () => {
  const { code, stdout } = await writ(['contract', '--help'])
  expect(stdout).toMatch(/contract diff .*\n.*contract import .*\n.*contract export /)
  expect(code).toBe(0)
  expect((await writ(['contract'])).code).toBe(2)
})
