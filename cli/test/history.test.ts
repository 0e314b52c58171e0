/** `writ check` against what was committed: git in all its states, a folder of released versions, and the fix. */
import { execFileSync } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, readText, refunds, writ } from './writ.ts'

const paid = (version: string, channels: string, mode = 'backward') =>
  `module e\n\ncontract Paid version ${version} {\n  compatibility ${mode}\n  id      : String  key\n  channel : enum { ${channels} }\n}\n`

test('a change that is not committed yet: the promise, the number, and its fix', async () => {
  const cwd = repository({ 'e.writ': paid('1.0.0', 'chat, email') })
  expect((await writ(['check'], { cwd })).stdout).toBe('✓ 1 file, no problems\n')
  writeFileSync(join(cwd, 'e.writ'), paid('1.0.0', 'chat'))
  const { code, stdout } = await writ(['check'], { cwd })
  expect(code).toBe(1)
  expect(stdout).toContain('e.writ:6:3  warning W0650\n')
  expect(stdout.replace(/\n {2,}/g, ' ')).toContain(
    'promises `compatibility backward`, but since version 1.0.0 (HEAD) `channel` may no longer be `email` (E04)',
  )
  expect(stdout).toContain('e.writ:3:23  warning W0651\n')
  await writ(['check', '--fix'], { cwd })
  expect(readText(cwd, 'e.writ')).toBe(paid('2.0.0', 'chat'))
})

test('a policy that means something else, and one that only looks so', async () => {
  const cwd = repository(refunds)
  const text = refunds['refunds.writ']
  writeFileSync(join(cwd, 'refunds.writ'), text.replace('r.amount <= 50 USD', '50 USD >= r.amount'))
  expect((await writ(['check'], { cwd })).code).toBe(0)
  writeFileSync(join(cwd, 'refunds.writ'), text.replace('<= 50 USD', '<= 60 USD'))
  const { code, stdout } = await writ(['check'], { cwd })
  expect(stdout).toContain('warning W0654')
  expect(code).toBe(1)
  await writ(['check', '--fix'], { cwd })
  expect(readText(cwd, 'refunds.writ')).toContain('policy limits version 1.3.0 {')
})

test('--against names another revision, a file under another name is the same contract', async () => {
  const cwd = repository({ 'e.writ': paid('1.0.0', 'chat, email') })
  renameSync(join(cwd, 'e.writ'), join(cwd, 'events.writ'))
  writeFileSync(join(cwd, 'events.writ'), paid('2.0.0', 'chat', 'none'))
  commit(cwd)
  expect((await writ(['check'], { cwd })).code).toBe(0)
  const { stdout } = await writ(['check', '--against', 'HEAD~1'], { cwd })
  expect(stdout).toContain('W0653')
  const { code, stderr } = await writ(['check', '--against', 'v9'], { cwd })
  expect(stderr).toContain('error W3060: v9 cannot be read: there is no revision v9.')
  expect(code).toBe(2)
})

test('a transitive promise is held against every commit; a shallow clone says that it has not all', async () => {
  const mode = 'backward transitive'
  const cwd = repository({ 'rules/e.writ': paid('1.0.0', 'chat, email', mode) })
  for (const [version, channels] of [
    ['2.0.0', 'chat'],
    ['2.0.1', 'chat'],
  ] as const) {
    writeFileSync(join(cwd, 'rules/e.writ'), paid(version, channels, mode))
    commit(cwd)
  }
  const { stdout } = await writ(['check', 'rules'], { cwd })
  expect(stdout.replace(/\n {2,}/g, ' ')).toMatch(
    /since version 1\.0\.0 \([0-9a-f]{7}\) `channel` may no longer be `email`/,
  )
  const clone = folder()
  execFileSync('git', ['clone', '-q', '--depth', '1', `file://${cwd}`, clone], { stdio: 'ignore' })
  const shallow = await writ(['check', 'rules'], { cwd: clone })
  expect(shallow.stdout).toContain('remark W0656')
  expect(shallow.stdout).toContain('git fetch --unshallow')
  expect(shallow.code).toBe(0)
})

test('no git: a remark where something is promised, silence where nothing is', async () => {
  const env = { GIT_CEILING_DIRECTORIES: '/' }
  const promised = await writ(['check'], { cwd: folder({ 'e.writ': paid('1.0.0', 'chat') }), env })
  expect(promised.stdout).toContain('remark W0655')
  expect(promised.stdout).toContain('this is no git repository')
  expect(promised.code).toBe(0)
  const without = await writ(['check'], { cwd: folder({ 'e.writ': paid('1.0.0', 'chat') }), env: { PATH: '' } })
  expect(without.stdout).toContain('git is not installed')
  expect((await writ(['check'], { cwd: folder(refunds), env })).stdout).toBe('✓ 1 file, no problems\n')
  const empty = folder({ 'e.writ': paid('1.0.0', 'chat') })
  execFileSync('git', ['init', '-q'], { cwd: empty })
  expect((await writ(['check'], { cwd: empty })).stdout).toContain('nothing is committed yet')
})

test('in a hook, where git names its folder from the top', async () => {
  const cwd = repository({ 'rules/e.writ': paid('1.0.0', 'chat, email') })
  writeFileSync(join(cwd, 'rules/e.writ'), paid('1.0.0', 'chat'))
  expect((await writ(['check', 'rules'], { cwd, env: { GIT_DIR: '.git' } })).stdout).toContain('W0650')
})

test('a folder of released versions, which is no part of the workspace', async () => {
  const settings = '{ "history": { "folder": "released" } }'
  const released = {
    'released/1.9.0/e.writ': paid('1.9.0', 'chat, email'),
    'released/1.10.0/e.writ': paid('1.10.0', 'chat'),
  }
  const cwd = folder({ 'e.writ': paid('1.10.0', 'phone, chat'), 'writ.json': settings, ...released })
  const { stdout } = await writ(['check'], { cwd })
  expect(stdout.replace(/\n {2,}/g, ' ')).toContain(
    'since version 1.9.0 (released/1.9.0) `channel` may no longer be `email`',
  )
  expect(stdout.replace(/\n {2,}/g, ' ')).toContain(
    'has version 1.10.0 in released/1.10.0 and 1.10.0 here, but it needs at least 2.0.0',
  )
  expect(stdout).toMatch(/in 1 file\n$/)
  const missing = await writ(['check'], { cwd: folder({ 'e.writ': paid('1.0.0', 'chat'), 'writ.json': settings }) })
  expect(missing.stderr).toContain('there is no folder released')
  expect(missing.code).toBe(2)
})

function repository(files: Readonly<Record<string, string>>): string {
  const cwd = folder(files)
  execFileSync('git', ['init', '-q'], { cwd })
  commit(cwd)
  return cwd
}
function commit(cwd: string): void {
  const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false']
  execFileSync('git', ['add', '.'], { cwd })
  execFileSync('git', [...who, 'commit', '-qm', 'next'], { cwd })
}
