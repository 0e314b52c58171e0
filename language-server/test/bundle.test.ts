/** The bundles as they are shipped: the one for Node as a process, the one for browsers in a place that has only what a worker has. `npm ci` and `npm run build` make them. */
import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node'

const dist = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url))
const initialize = { processId: null, rootUri: 'memory:/w/', capabilities: { textDocument: { diagnostic: {} } } }

test('the server for Node answers over standard input and output', async () => {
  const server = spawn(process.execPath, [dist('server.cjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  )
  connection.listen()
  expect(await connection.sendRequest('initialize', initialize)).toMatchObject({ serverInfo: { name: 'writ' } })
  const ended = new Promise(resolve => server.once('exit', resolve))
  await connection.sendRequest('shutdown')
  await connection.sendNotification('exit')
  expect(await ended).toBe(0)
  connection.dispose()
})

test('the server for browsers asks the client for files', async () => {
  interface Message {
    readonly id?: number
    readonly method?: string
    readonly params?: { readonly uri?: string }
    readonly result?: unknown
  }
  const waiting = new Map<number, (message: Message) => void>()
  const text = 'module far\ntype A = B\n'
  const send = (message: object) => worker.onmessage({ data: { jsonrpc: '2.0', ...message } as Message })
  const worker = {
    postMessage: (message: Message) => {
      const { id, method, params } = message
      if (method === 'writ/findFiles') send({ id, result: ['memory:/w/far.writ'] })
      else if (method === 'writ/readFile') send({ id, result: params?.uri === 'memory:/w/far.writ' ? text : null })
      else if (id !== undefined && method === undefined) waiting.get(id)?.(message)
    },
    addEventListener: () => undefined,
    onmessage: (_: { readonly data: Message }): void => undefined,
    console,
    performance,
    setTimeout,
    clearTimeout,
    TextEncoder,
    TextDecoder,
    URL,
    navigator: { language: 'en' },
  }
  const context = createContext(worker)
  runInContext('globalThis.self = globalThis', context)
  runInContext(readFileSync(dist('server-worker.js'), 'utf8'), context)
  let next = 1
  const request = (method: string, params: object): Promise<unknown> => {
    const id = next++
    return new Promise(resolve => {
      waiting.set(id, ({ result }) => resolve(result))
      send({ id, method, params })
    })
  }
  expect(await request('initialize', initialize)).toMatchObject({ serverInfo: { name: 'writ' } })
  send({ method: 'initialized', params: {} })
  const report = await request('textDocument/diagnostic', { textDocument: { uri: 'memory:/w/far.writ' } })
  expect(report).toMatchObject({ items: [{ code: 'W0203' }] })
})

test('both are small enough to be loaded at once', () => {
  expect(statSync(dist('server.cjs')).size).toBeLessThan(3_000_000)
  expect(statSync(dist('server-worker.js')).size).toBeLessThan(3_000_000)
})
