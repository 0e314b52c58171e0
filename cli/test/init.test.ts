/** `writ init`: what it writes checks clean, passes its tests and simulates; nothing is overwritten. */
import { expect, test } from 'vitest'
import { simulationSchema } from '../src/schemas.ts'
import { folder, readText, refunds, writ } from './writ.ts'

test('a small workspace to learn from', async () => {
  const cwd = folder()
  const { code, stdout } = await writ(['init', 'hello'], { cwd })
  expect(stdout).toContain('writ simulate hello')
  expect(code).toBe(0)
  expect(await writ(['check', 'hello'], { cwd })).toMatchObject({ code: 0, stdout: '✓ 3 files, no problems\n' })
  expect((await writ(['format', '--check', 'hello'], { cwd })).code).toBe(0)
  expect(await writ(['test', 'hello'], { cwd })).toMatchObject({ code: 0 })
  const run = await writ(['simulate', 'hello', '--format', 'json'], { cwd })
  const { decisions, findings, rejected } = simulationSchema.parse(JSON.parse(run.stdout))
  for (const word of ['permit', 'hold', 'deny'] as const) expect(decisions[word]).toBeGreaterThan(0)
  expect(findings.length).toBeGreaterThan(0)
  expect(rejected).toBe(1)
})

test('nothing is overwritten without --force', async () => {
  const cwd = folder({ 'refunds.writ': '// mine\n' })
  const { code, stderr } = await writ(['init'], { cwd })
  expect(stderr).toContain('error W3031: refunds.writ is already there and is not overwritten.')
  expect(code).toBe(2)
  expect(readText(cwd, 'refunds.writ')).toBe('// mine\n')
  expect((await writ(['init', '--force'], { cwd })).code).toBe(0)
  expect(readText(cwd, 'refunds.writ')).not.toBe('// mine\n')
})

test('--from: contracts drafted from recorded events', async () => {
  const cwd = folder(refunds)
  const { code, stderr } = await writ(['init', 'drafted', '--from', 'recorded/refunds.ndjson'], { cwd })
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect((await writ(['check', 'drafted'], { cwd })).code).toBe(0)
  expect((await writ(['test', 'drafted'], { cwd })).code).toBe(0)
  const run = await writ(['simulate', 'drafted', '--format', 'json'], { cwd })
  expect(simulationSchema.parse(JSON.parse(run.stdout)).events).toBe(4)
})
