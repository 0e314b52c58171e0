/** `writ serve`: the durable run of `writ run` over HTTP, for callers on the same machine. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import { resolve } from 'node:path'
import { approvalPlace } from '@writ/engine'
import { type DurableRun, openDurableRun } from '@writ/ledger/node'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import type { ExitCode } from '../exit-code.ts'
import { openProgram } from '../open-program.ts'
import { privateKey } from '../private-key.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import { durableOptions, type RunSettings, recoveredText, runOptions, runSettings } from '../run-settings.ts'
import { DecideQueue } from '../serve/decide-queue.ts'
import { edgeLimits, edgeServer } from '../serve/http-edge.ts'
import { Metrics } from '../serve/metrics.ts'
import { handle, methods, type Served } from '../serve/routes.ts'
import { openToken, type Token } from '../serve/token.ts'
import { systemReason } from '../system-reason.ts'
import type { Io } from '../terminal/io.ts'
import { counted } from '../terminal/text.ts'

export const serve: Command = {
  help: {
    name: 'serve',
    summary: 'decide events over HTTP on this machine, into an audit log',
    description:
      'Listens on the loopback address and decides what is posted to /decide (one event as application/json, or several as application/x-ndjson), in the order in which it comes, into an audit log as "writ run" does. A response is sent only once its decisions are on disk. /approve takes an approval, /health and /metrics tell how it is. Every request needs the token of the token file as "Authorization: Bearer TOKEN"; requests with a foreign Host or Origin are refused.',
    positionals: [{ name: 'WORKSPACE', required: true, many: false, does: 'a folder with .writ files' }],
    options: [
      { name: 'port', value: 'N', does: 'the port to listen on; 8717 without it, 0: one that is free' },
      { name: 'token', value: 'FILE', does: 'the token file, made where it is not there; LOG.token without it' },
      { name: 'body-bytes', value: 'N', does: 'longest body; 4 MiB without it' },
      { name: 'stream', value: 'NAME', does: 'what event references call the stream; "http" without it' },
      ...runOptions,
    ],
    examples: [{ line: 'writ serve policies --log audit --key payments.key', does: 'until Ctrl-C' }],
  },
  run: async (args, io) => {
    const program = await openProgram(args.positionals[0] ?? '.', io)
    if (program === 'has errors') return 1
    if (isRefusal(program)) return report(io, program)
    const settings = runSettings(program, args, 'http')
    if (isRefusal(settings)) return report(io, settings)
    const numbers = serveNumbers(args)
    if (isRefusal(numbers)) return report(io, numbers)
    const key = privateKey(args.value('key'), 'signature', io.cwd)
    if (isRefusal(key)) return report(io, key)
    const tokenPath = args.value('token') ?? `${settings.shown.replace(/[/\\]+$/, '')}.token`
    try {
      const opened = openDurableRun(durableOptions(settings, key, args, io.cwd))
      if (!opened.ok) return reportProblem(io, opened.problem, null)
      const { recovered, run } = opened
      const token = openToken(resolve(io.cwd, tokenPath), tokenPath)
      if (isRefusal(token)) {
        await run.close()
        return await report(io, token)
      }
      if (recovered.entries > 0 || recovered.offset > 0) io.error.write(`${recoveredText(recovered, run)}\n`)
      io.error.write(`the token is in ${tokenPath}${token.made ? ', which is new' : ''}\n`)
      return await listen(run, settings, token, numbers, io)
    } catch (error) {
      const hint = 'the same command goes on from there.'
      return report(io, refuse('W4006', { folder: settings.shown, why: systemReason(error), hint }))
    }
  },
}

interface Numbers {
  readonly port: number
  readonly bodyBytes: number
}

function serveNumbers(args: Arguments): Numbers | Refusal {
  const port = wholeNumber(args, 'port', 8717, 0, 65_535)
  if (isRefusal(port)) return port
  const bodyBytes = wholeNumber(args, 'body-bytes', edgeLimits.bodyBytes, 1, 64 << 20)
  return isRefusal(bodyBytes) ? bodyBytes : { port: port.value, bodyBytes: bodyBytes.value }
}

function wholeNumber(
  args: Arguments,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): { readonly value: number } | Refusal {
  const given = args.value(name)
  const value = given === undefined ? otherwise : /^\d{1,9}$/.test(given) ? Number(given) : -1
  if (value >= least && value <= most) return { value }
  const expected = `a whole number from ${least} to ${most}`
  return refuse('W3003', { option: `--${name}`, wrong: `is not "${given}"`, expected })
}

async function listen(
  run: DurableRun,
  { plan, source, shown, tick }: RunSettings,
  token: Token,
  { port, bodyBytes }: Numbers,
  io: Io,
): Promise<ExitCode> {
  const stop = new AbortController()
  const metrics = new Metrics()
  const queue = new DecideQueue(run, bodyBytes * 4)
  const approves = approvalPlace(plan) >= 0
  const served: Served = {
    run,
    queue,
    metrics,
    source,
    approves,
    clock: () => Date.now(),
    ending: () => stop.signal.aborted,
  }
  let heard = Date.now()
  const server = edgeServer({
    token,
    limits: { ...edgeLimits, bodyBytes },
    methods,
    handle: async call => {
      if (call.method === 'POST') heard = Date.now()
      const reply = await handle(served, call)
      if (queue.failure !== null) stop.abort()
      return reply
    },
    responded: (path, status) => metrics.responded(path, status),
  })
  const terminated = (): void => stop.abort()
  process.once('SIGTERM', terminated)
  io.interrupted.addEventListener('abort', terminated, { once: true })
  const before = run.entries
  let failure: unknown = null
  const timer = setInterval(() => {
    try {
      run.checkpointIfDue()
      // A clock that was set back starts the wait anew.
      const now = Date.now()
      if (now < heard || queue.pendingBytes > 0) heard = now
      if (tick === null || now - heard < tick * 1000) return
      run.tick(now)?.durable.catch(() => stop.abort())
    } catch (error) {
      failure = error
      stop.abort()
    }
  }, 500)
  try {
    const refused = await started(server, port)
    if (refused !== null) {
      await run.close()
      return await report(io, refuse('W4013', { address: `127.0.0.1:${port}`, why: refused }))
    }
    const address = server.address()
    io.output.write(`http://127.0.0.1:${typeof address === 'object' ? address?.port : port}\n`)
    if (!stop.signal.aborted) await once(stop.signal, 'abort')
    await ended(server)
    await queue.idle()
    failure ??= queue.failure
    if (failure !== null) throw failure
    await run.close()
    const written = counted(run.entries - before, 'decision')
    io.error.write(
      `${written} written; ${shown} has ${counted(run.entries, 'entry', 'entries')}, all under its checkpoint\n`,
    )
    return io.interrupted.aborted ? 130 : 0
  } finally {
    clearInterval(timer)
    process.off('SIGTERM', terminated)
    server.closeAllConnections()
  }
}

/** Why it cannot listen; null where it does. */
async function started(server: Server, port: number): Promise<string | null> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    return code === 'EADDRINUSE' ? 'another process listens there' : systemReason(error)
  }
}

/** Requests that are under way are answered; idle connections are closed, and after a while all of them. */
async function ended(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const patience = setTimeout(() => server.closeAllConnections(), 10_000)
  await closed
  clearTimeout(patience)
}
