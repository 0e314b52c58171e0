/** What must not bring the server down: files beyond all measure, messages without sense, files that go while they are used. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import {
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import { type FakeClient, fakeClient, root } from './fake-client.ts'

const small = 'module small\ncontract A version 1.0.0 { id: String key }\n'
let client: FakeClient | null = null
afterEach(async () => {
  await client?.stop()
  client = null
})

test('a line of 50 MB is reported, edited and closed, and other files go on', async () => {
  client = await fakeClient({ files: { 'small.writ': small } })
  await client.open('huge.writ', `policy x { ${'a == b and '.repeat(4_770_000)}`)
  const [found] = await client.pull('huge.writ')
  expect(found?.code).toBe('W0002')
  await client.edit('huge.writ', 7, 8, 'y')
  const at = { textDocument: { uri: `${root}huge.writ` }, position: { line: 0, character: 40_000_000 } }
  expect(await client.request('textDocument/hover', at)).toBeNull()
  expect(await client.request('textDocument/completion', at)).toEqual([])
  expect(await client.request('textDocument/formatting', { ...at, options: {} })).toEqual([])
  expect(await client.pull('small.writ')).toEqual([])
  await client.close('huge.writ')
  expect(await client.pull('huge.writ')).toEqual([])
  expect(client.logged).toEqual([])
})

test('deep nesting is a problem, not an end', async () => {
  client = await fakeClient({ files: { 'small.writ': small } })
  await client.open('deep.writ', `module deep\ndefine a = ${'('.repeat(20_000)}1${')'.repeat(20_000)}\n`)
  const found = await client.pull('deep.writ')
  expect(found.length).toBeGreaterThan(0)
  const at = { textDocument: { uri: `${root}deep.writ` }, position: { line: 1, character: 10_000 } }
  expect(await client.request('textDocument/selectionRange', { ...at, positions: [at.position] })).toHaveLength(1)
  await client.request('textDocument/completion', at)
  expect(await client.pull('small.writ')).toEqual([])
})

test('messages without sense are answered, and the next ones too', async () => {
  client = await fakeClient({ files: { 'small.writ': small } })
  const nowhere = { textDocument: { uri: 'memory:/elsewhere.writ' }, position: { line: 1, character: 1 } }
  expect(await client.request('textDocument/hover', nowhere)).toBeNull()
  const odd = { textDocument: { uri: `${root}small.writ` }, position: { line: -5, character: 1e12 } }
  expect(await client.request('textDocument/definition', odd)).toEqual([])
  expect(await client.request('textDocument/hover', { textDocument: { uri: `${root}small.writ` } })).toBeNull()
  expect(await client.request('writ/runTests', { uri: 7 })).toBeNull()
  await client.notify('textDocument/didChange', {
    textDocument: { uri: `${root}unopened.writ`, version: 3 },
    contentChanges: [{ text: 'x' }],
  })
  expect(await client.pull('small.writ')).toEqual([])
})

test('a file that vanishes takes its names along', async () => {
  client = await fakeClient({
    files: { 'small.writ': small, 'user.writ': 'module user\nuse small { A }\nsample A { id: "a" }\n' },
  })
  expect(await client.pull('user.writ')).toEqual([])
  client.files.delete(`${root}small.writ`)
  const changes = [{ uri: `${root}small.writ`, type: 3 }]
  await client.notify('workspace/didChangeWatchedFiles', { changes })
  expect((await client.pull('user.writ')).map(({ code }) => code)).toContain('W0204')
  client.files.set(`${root}small.writ`, small)
  await client.notify('workspace/didChangeWatchedFiles', { changes: [{ ...changes[0], type: 1 }] })
  expect(await client.pull('user.writ')).toEqual([])
})

test('levels of writ.json hold, and a broken one changes nothing else', async () => {
  const text = 'module user\ndefine unused = 1\ntype A = Missing\n'
  client = await fakeClient({
    files: { 'user.writ': text, 'writ.json': '{ "lint": { "W0209": "error", "W0203": "off" } }' },
  })
  expect((await client.pull('user.writ')).map(({ code, severity }) => [code, severity])).toEqual([
    ['W0209', 1],
    // What is an error by nature stays one.
    ['W0203', 1],
  ])
  client.files.set(`${root}writ.json`, '{ "lint": ')
  await client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: `${root}writ.json`, type: 2 }] })
  expect((await client.pull('user.writ')).map(({ code, severity }) => [code, severity])).toEqual([
    ['W0209', 4],
    ['W0203', 1],
  ])
})

test('over standard input and output, with files of a disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'writ-server-'))
  writeFileSync(join(folder, 'small.writ'), small)
  writeFileSync(join(folder, 'user.writ'), 'module user\nuse small { A, B }\nsample A { id: "a" }\n')
  const entry = fileURLToPath(new URL('../src/transport/node.ts', import.meta.url))
  const server = spawn(process.execPath, [entry, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  )
  connection.onRequest('client/registerCapability', () => null)
  connection.listen()
  const uri = pathToFileURL(folder).href
  const result: InitializeResult = await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'w' }],
    capabilities: { textDocument: { diagnostic: {} } },
  })
  expect(result.serverInfo?.name).toBe('writ')
  await connection.sendNotification('initialized', {})
  const report: { items: Diagnostic[] } = await connection.sendRequest('textDocument/diagnostic', {
    textDocument: { uri: `${uri}/user.writ` },
  })
  expect(report.items.map(({ code }) => code)).toEqual(['W0205'])
  const ended = new Promise(resolve => server.once('exit', resolve))
  await connection.sendRequest('shutdown')
  await connection.sendNotification('exit')
  expect(await ended).toBe(0)
  connection.dispose()
  rmSync(folder, { recursive: true })
})
