/** The entry on a Node that is too old: it uses the one that `npm ci` brought, or says what to do. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** A project whose entry believes that its Node has Node-API 9, as Node 20 has. */
let root: string
const pretend = 'Object.defineProperty(process.versions, "napi", { value: "9" })\n'

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'writ-old-'))
  mkdirSync(join(root, 'cli', 'bin'), { recursive: true })
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true })
  symlinkSync(resolve('cli/bin/writ.cjs'), join(root, 'cli', 'bin', 'writ.cjs'))
  symlinkSync(resolve('scripts'), join(root, 'scripts'))
  writeFileSync(join(root, 'pretend.cjs'), pretend)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function writ(...args: readonly string[]) {
  return spawnSync(
    process.execPath,
    [
      '--preserve-symlinks',
      '--preserve-symlinks-main',
      '-r',
      join(root, 'pretend.cjs'),
      join(root, 'cli/bin/writ.cjs'),
      ...args,
    ],
    { encoding: 'utf8' },
  )
}

test('without a newer Node: an explanation, exit 2', () => {
  const { status, stderr } = writ('check')
  expect(stderr).toContain('Writ needs Node 24 (at least 22.14)')
  expect(status).toBe(2)
})

test('with one: the command is run by it, with its exit code and signals', () => {
  const newer = join(root, 'node_modules', '.bin', 'node')
  writeFileSync(newer, '#!/bin/sh\nif [ "$2" = die ]; then kill -TERM $$; fi\necho "newer: $2 $3"\nexit 7\n', {
    mode: 0o755,
  })
  const { status, stdout } = writ('check', 'a b')
  expect(stdout).toBe('newer: check a b\n')
  expect(status).toBe(7)
  expect(writ('die').signal).toBe('SIGTERM')
  rmSync(newer)
})
