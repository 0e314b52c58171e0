/**
 * The edge of `writ serve`: what a request must be before anything looks into it. Loopback only; the token on every request; no foreign
 * Host (a name that was made to lead here) and no foreign Origin (a page in a browser); limits on headers, bodies, time and
 * connections. What requests ask for is routes.ts.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Token } from './token.ts'

export interface EdgeLimits {
  readonly bodyBytes: number
  readonly headerBytes: number
  readonly requestMilliseconds: number
  readonly connections: number
}
export const edgeLimits: EdgeLimits = {
  bodyBytes: 4 << 20,
  headerBytes: 8 << 10,
  requestMilliseconds: 30_000,
  connections: 128,
}

export interface Call {
  readonly id: string
  readonly method: string
  /** Without its query. */
  readonly path: string
  /** The media type alone, in lower case; null without a body. */
  readonly type: string | null
  readonly body: Buffer
}
export interface Reply {
  readonly status: number
  readonly type?: 'application/json' | 'application/x-ndjson' | 'text/plain; version=0.0.4'
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface EdgeOptions {
  readonly token: Token
  readonly limits: EdgeLimits
  /** Paths and the method that each takes. */
  readonly methods: ReadonlyMap<string, 'GET' | 'POST'>
  readonly handle: (call: Call) => Promise<Reply>
  readonly responded: (path: string, status: number) => void
}

/** Not yet listening. */
export function edgeServer(options: EdgeOptions): Server {
  const { limits } = options
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      requestTimeout: limits.requestMilliseconds,
      headersTimeout: Math.min(10_000, limits.requestMilliseconds),
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      serve(options, request, response).catch(() => {
        // The caller went away while it was answered.
        response.destroy()
      })
    },
  )
  server.maxConnections = limits.connections
  server.maxRequestsPerSocket = 10_000
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    else socket.destroy()
  })
  for (const event of ['upgrade', 'connect']) server.on(event, (_, socket) => socket.destroy())
  return server
}

async function serve(options: EdgeOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const given = request.headers['x-request-id']
  const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  const known = options.methods.has(path)
  const reply = await replyTo(options, request, id, path)
  const headers = {
    ...(reply.type === undefined ? {} : { 'content-type': reply.type }),
    'content-length': String(Buffer.byteLength(reply.body)),
    'x-request-id': id,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // What is left of a body that nobody read cannot be told from the next request.
    ...(request.complete ? {} : { connection: 'close' }),
    ...reply.headers,
  }
  options.responded(known ? path : 'other', reply.status)
  response.writeHead(reply.status, headers)
  response.end(reply.body)
  if (!request.complete) response.once('finish', () => request.destroy())
}

async function replyTo(options: EdgeOptions, request: IncomingMessage, id: string, path: string): Promise<Reply> {
  const refused = refusal(options, request, id, path)
  if (refused !== null) return refused
  const method = request.method ?? ''
  if (method === 'GET') return options.handle({ id, method, path, type: null, body: Buffer.alloc(0) })
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const body = await bodyOf(request, options.limits.bodyBytes)
  if (body === null) return errorReply(413, id, `a body has at most ${options.limits.bodyBytes} bytes`)
  return options.handle({ id, method, path, type, body })
}

/** In the order in which little is told to strangers. */
function refusal(
  { token, methods, limits }: EdgeOptions,
  request: IncomingMessage,
  id: string,
  path: string,
): Reply | null {
  const { headers } = request
  const hosts = ownHosts(request)
  if (!hosts.includes(headers.host ?? '')) return errorReply(421, id, 'this is not the host that was asked for')
  const { origin } = headers
  const site = headers['sec-fetch-site']
  const foreign = origin !== undefined && !hosts.some(host => origin === `http://${host}`)
  if (foreign || site === 'cross-site' || site === 'same-site')
    return errorReply(403, id, 'requests of other origins are refused')
  if (!token.admits(headers.authorization))
    return { ...errorReply(401, id, 'the token is missing or wrong'), headers: { 'www-authenticate': 'Bearer' } }
  const method = methods.get(path)
  if (method === undefined) return errorReply(404, id, 'there is nothing of that name')
  if (request.method !== method)
    return { ...errorReply(405, id, `${path} takes ${method}`), headers: { allow: method } }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    return errorReply(415, id, 'bodies are taken as they are')
  if (Number(headers['content-length'] ?? 0) > limits.bodyBytes)
    return errorReply(413, id, `a body has at most ${limits.bodyBytes} bytes`)
  return null
}

/** As a caller on this machine writes them. */
function ownHosts({ socket }: IncomingMessage): readonly string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map(name => `${name}:${socket.localPort}`)
}

/** Null where it is longer than allowed; then the rest is not read. */
async function bodyOf(request: IncomingMessage, most: number): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    if (!(piece instanceof Buffer)) continue
    length += piece.length
    if (length > most) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

export function errorReply(status: number, id: string, why: string): Reply {
  return { status, type: 'application/json', body: `${JSON.stringify({ requestId: id, error: why })}\n` }
}
