/** `writ serve`: what it answers, whom it refuses, and that nothing that is sent to it makes it fall or grow. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { random } from '../../bench/requests.ts'
import { servedSchema } from '../src/audit-schemas.ts'
import { bin, folder, refunds, writ } from './writ.ts'

const approving = {
  ...refunds,
  'refunds.writ': `module refunds
contract Refund version 1.0.0 { id : String key  at : Time time  customer : String  amount : Decimal }
role desk { members "ann", "bob" }
policy limits version 1.0.0 {
  on Refund as r
  default permit
  rule large when r.amount > 100 require approval from desk within 1d
}
`,
}

interface Served {
  readonly cwd: string
  readonly vkey: string
  readonly port: number
  readonly token: string
  readonly child: ChildProcess
  readonly errors: () => string
  readonly ended: Promise<number | null>
  readonly call: (path: string, body?: string, headers?: Readonly<Record<string, string>>) => Promise<Response>
}

async function served(
  files: Readonly<Record<string, string>> = refunds,
  more: readonly string[] = [],
  cwd = folder(files),
): Promise<Served> {
  const made = existsSync(join(cwd, 'log.key'))
    ? null
    : await writ(['key', 'new', 'example.com/refunds', '--output', 'log.key'], { cwd })
  const args = [bin, 'serve', '.', '--log', 'audit', '--key', 'log.key', '--port', '0', ...more]
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, COLUMNS: '100' } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = new Promise<number | null>(done => child.on('close', done))
  const line = await new Promise<string>((done, fail) => {
    child.stdout.setEncoding('utf8').once('data', done)
    ended.then(code => fail(new Error(`ended with ${code}: ${errors}`)))
  })
  const port = Number(/^http:\/\/127\.0\.0\.1:(\d+)\n$/.exec(line)?.[1])
  const token = readFileSync(join(cwd, 'audit.token'), 'utf8').trim()
  const call: Served['call'] = (path, body, headers = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    })
  return { cwd, vkey: made?.stdout.trim() ?? '', port, token, child, errors: () => errors, ended, call }
}

/** Raw bytes to the port; what came back until the connection was closed. */
function raw(port: number, bytes: Buffer | string, patience = 3000): Promise<string> {
  return new Promise(done => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(patience, () => socket.destroy())
    socket.setEncoding('latin1')
    socket.on('data', part => {
      text += String(part)
    })
    socket.on('error', () => {}) // refused in the middle of it
    socket.on('close', () => done(text))
    socket.end(bytes)
  })
}

const refund = (id: string, amount: number | string) =>
  JSON.stringify({ id, at: '2026-11-02T09:00:00Z', customer: 'c1', amount })

describe('answers', () => {
  test('one event, several, health, metrics; then the log verifies', async () => {
    const server = await served()
    const one = await server.call(
      '/decide',
      `{\n"id": "r1",\n"at":"2026-11-02T09:00:00Z","customer":"c1","amount":"20 USD"}`,
      {
        'x-request-id': 'mine-1',
      },
    )
    expect([one.status, one.headers.get('x-request-id')]).toEqual([200, 'mine-1'])
    const answer: unknown = await one.json()
    expect(servedSchema.safeParse(answer).success).toBe(true)
    expect(answer).toMatchObject({
      requestId: 'mine-1',
      index: 0,
      decisions: [{ entry: 0, event: { file: 'http', index: 0 }, decision: 'permit', decidedBy: 'small' }],
      findings: [],
    })
    const several = await server.call('/decide', `${refund('r2', '700 USD')}\n\n${refund('r3', 'a lot')}`, {
      'content-type': 'application/x-ndjson; charset=utf-8',
    })
    const lines = (await several.text())
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(line => line.decision ?? line.finding.code)).toEqual(['deny', 'hold', 'W2002'])
    const health = await server.call('/health')
    expect(await health.json()).toMatchObject({ status: 'ok', entries: 3 })
    const metrics = await (await server.call('/metrics')).text()
    expect(metrics).toContain('writ_decisions_total{policy="limits",decision="deny"} 1\n')
    expect(metrics).toContain('writ_http_responses_total{path="/decide",status="200"} 2\n')
    expect(metrics).toMatch(/^writ_durable_seconds_count 2$/m)
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(server.errors()).toContain('the token is in audit.token, which is new')
    const verified = await writ(['verify', 'audit', '--key', server.vkey, '--replay'], { cwd: server.cwd })
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('3 decisions equal, 0 unknown')])
  })

  test('many at once are each answered with their own', async () => {
    const server = await served()
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, place) => {
        const response = await server.call('/decide', refund(`r${place}`, `${place} USD`))
        return (await response.json()) as { index: number; decisions: { reason: string; event: { index: number } }[] }
      }),
    )
    expect(new Set(answers.map(answer => answer.index)).size).toBe(100)
    for (const { index, decisions } of answers) expect(decisions.map(({ event }) => event.index)).toEqual([index])
  })

  test('approvals bind to the request, and what is no approval is refused', async () => {
    const server = await served(approving)
    const [, held] = [await server.call('/decide', refund('r1', 20)), await server.call('/decide', refund('r2', 500))]
    expect(await held.json()).toMatchObject({ decisions: [{ decision: 'hold' }, { kind: 'opened' }] })
    const wrong = await server.call('/approve', '{"request":"r2","by":"ann","verdict":"yes"}')
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: expect.any(String) }])
    const approved = await server.call(
      '/approve',
      JSON.stringify({ request: 'r2', by: 'ann', role: 'desk', verdict: 'approve', at: '2026-11-02T10:00:00Z' }),
    )
    expect(approved.status).toBe(200)
    const text = await approved.text()
    expect(text).toContain('"effect":"counted"')
    expect(text).toContain('"kind":"fulfilled"')
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    const verified = await writ(['verify', 'audit', '--key', server.vkey, '--replay'], { cwd: server.cwd })
    expect([verified.code, verified.stdout]).toEqual([
      0,
      expect.stringMatching(/2 decisions equal, 0 unknown, 0 different\n {2}3 entries/),
    ])
  })

  test('goes on where the log ends; a second writer is refused', async () => {
    const first = await served()
    await first.call('/decide', refund('r1', '20 USD'))
    const second = await writ(['serve', '.', '--log', 'audit', '--key', 'log.key', '--port', '0'], { cwd: first.cwd })
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('W4001')])
    first.child.kill('SIGKILL')
    await first.ended
    const again = await served(refunds, [], first.cwd)
    expect(again.errors()).toContain('going on after record 1')
    const response = await again.call('/decide', refund('r2', '20 USD'))
    expect(await response.json()).toMatchObject({ index: 1, decisions: [{ entry: 1 }] })
  })
})

describe('refuses', () => {
  test('who has no token, a wrong one, a foreign Host or Origin; other paths, methods, types, sizes', async () => {
    const server = await served(refunds, ['--body-bytes', '2000'])
    const { port, token, call } = server
    const status = async (response: Promise<Response>) => (await response).status
    expect(await status(fetch(`http://127.0.0.1:${port}/health`))).toBe(401)
    expect(await status(call('/health', undefined, { authorization: `Bearer ${token}x` }))).toBe(401)
    expect(await status(call('/health', undefined, { authorization: token }))).toBe(401)
    expect(await status(call('/health', undefined, { origin: 'http://evil.example' }))).toBe(403)
    expect(await status(call('/health', undefined, { origin: 'null' }))).toBe(403)
    expect(await status(call('/health', undefined, { origin: `http://127.0.0.1:${port}` }))).toBe(200)
    const asked = (host: string) =>
      raw(port, `GET /health HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`)
    expect(await asked(`evil.example:${port}`)).toMatch(/^HTTP\/1\.1 421 /)
    expect(await asked('127.0.0.1')).toMatch(/^HTTP\/1\.1 421 /)
    expect(await asked(`localhost:${port}`)).toMatch(/^HTTP\/1\.1 200 /)
    expect(await status(call('/other'))).toBe(404)
    expect(await status(call('/health', '{}'))).toBe(405)
    expect(await status(call('/decide'))).toBe(405)
    expect(await status(call('/decide', '{}', { 'content-type': 'text/plain' }))).toBe(415)
    expect(await status(call('/decide', '{}', { 'content-encoding': 'gzip' }))).toBe(415)
    expect(await status(call('/decide', '{"a":'))).toBe(400)
    expect(await status(call('/decide', '[]'))).toBe(400)
    expect(await status(call('/decide', '{"tick":"2026-11-02T09:00:00Z"}'))).toBe(400)
    expect(await status(call('/approve', '{}'))).toBe(409)
    expect(await status(call('/decide', `{"id":"${'x'.repeat(3000)}"}`))).toBe(413)
    expect(await (await call('/health')).json()).toMatchObject({ entries: 0 })
    const head = `POST /decide HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
    const endless = `${head}Transfer-Encoding: chunked\r\n\r\n${`400\r\n${'x'.repeat(1024)}\r\n`.repeat(5)}`
    expect(await raw(port, endless)).toMatch(/^HTTP\/1\.1 413 /)
    expect(await raw(port, `GET / HTTP/1.1\r\nX: ${'y'.repeat(10_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4(00|31) /)
    expect(await (await call('/health')).json()).toMatchObject({ status: 'ok', entries: 0 })
  })

  test.skipIf(process.platform === 'win32')('a token file that others may read, or that holds none', async () => {
    const server = await served()
    expect(statSync(join(server.cwd, 'audit.token')).mode & 0o777).toBe(0o600)
    server.child.kill('SIGTERM')
    await server.ended
    chmodSync(join(server.cwd, 'audit.token'), 0o644)
    const args = ['serve', '.', '--log', 'audit', '--key', 'log.key', '--port', '0']
    const open = await writ(args, { cwd: server.cwd })
    expect([open.code, open.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      2,
      expect.stringContaining('others may read it (its mode is 0644)'),
    ])
    chmodSync(join(server.cwd, 'audit.token'), 0o600)
    writeFileSync(join(server.cwd, 'audit.token'), 'short\n')
    expect((await writ(args, { cwd: server.cwd })).stderr).toContain('W4012')
  })
})

test('anything that is sent is answered or cut off, and nothing of it stays (seed 9)', async () => {
  const server = await served(refunds, ['--body-bytes', '20000'])
  const { port, token } = server
  const next = random(9)
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1] ?? 0)
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => next(256)))
  const valid = () => {
    const body = refund(`r${next(1000)}`, `${next(100)} USD`)
    const type = ['application/json', 'application/x-ndjson'][next(2)]
    return Buffer.from(
      `POST /${['decide', 'approve', 'metrics', '%00'][next(4)]} HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
  }
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const bodies = [
    nested(3000),
    `{"id":"${'\\u0000'.repeat(500)}"}`,
    '{"__proto__":{"a":1}}',
    '{"at":1e999}',
    '{"id":"\\ud800"}',
    '\ufeff{}',
  ]
  for (const body of bodies) expect((await server.call('/decide', body)).status).toBeLessThan(500)
  const before = memory()
  for (let round = 0; round < 40; round++) {
    await Promise.all(
      Array.from({ length: 10 }, () => {
        const request = next(5) === 0 ? bytes(next(3000)) : valid()
        for (let spoilt = next(6); spoilt > 0; spoilt--) request[next(request.length)] = next(256)
        return raw(port, next(4) === 0 ? request.subarray(0, next(request.length)) : request, 500)
      }),
    )
  }
  expect(memory() - before).toBeLessThan(150_000)
  const alive = await server.call('/health')
  expect([alive.status, await alive.json()]).toMatchObject([200, { status: 'ok' }])
  server.child.kill('SIGTERM')
  await Promise.race([server.ended, setTimeout(20_000)])
  expect(await server.ended).toBe(0)
  const verified = await writ(['verify', 'audit', '--key', server.vkey], { cwd: server.cwd })
  expect([verified.code, verified.stderr]).toEqual([0, ''])
})
