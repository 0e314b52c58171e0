/** A recorded event and a test are debugged: the breakpoint is hit, values are there, steps go both ways. */
import { ok, strictEqual } from 'node:assert'
import { afterEach, describe, it } from 'mocha'
import { type DebugSession, debug, Location, SourceBreakpoint, type TextDocument } from 'vscode'
import { eventually, open } from './editor.ts'

interface Frame {
  readonly id: number
  readonly name: string
  readonly line: number
}

describe('debugging', () => {
  afterEach(async () => {
    debug.removeBreakpoints(debug.breakpoints)
    await debug.stopDebugging()
    await eventually('no session', () => debug.activeDebugSession === undefined)
  })

  it('stops at a breakpoint in a rule, evaluates, and goes back in the log', async () => {
    const { document } = await open('refunds.writ')
    const line = lineOf(document, 'r.amount > 500 USD')
    const session = await started(document, line, { event: 'first', stopOnEntry: false })
    await eventually('a breakpoint that is hit', async () => (await frames(session))[0]?.line === line + 1)
    const [top, , , event] = await frames(session)
    ok(top?.name.startsWith('r.amount > 500 USD = '), top?.name)
    ok(event?.name.startsWith('RefundRequested at '), event?.name)
    const evaluated = await session.customRequest('evaluate', { expression: 'r.amount > 0 USD', frameId: top?.id })
    strictEqual(evaluated.result, 'true')
    await session.customRequest('continue', { threadId: 1 })
    await eventually('another event', async () => (await frames(session)).at(-1)?.name !== event?.name)
    await session.customRequest('reverseContinue', { threadId: 1 })
    await session.customRequest('stepBack', { threadId: 1 })
    await eventually('a step back', async () => (await frames(session))[0]?.name.startsWith('rule ') === true)
  })

  it('goes through the events of a test', async () => {
    const { document } = await open('limits.writ')
    const test = 'a lead signs 500 USD, and officers a cent more'
    const session = await started(document, null, { test })
    await eventually('its first event', async () =>
      ((await frames(session)).at(-1)?.name ?? '').includes('event 0 of 2'),
    )
  })
})

async function started(document: TextDocument, line: number | null, more: object): Promise<DebugSession> {
  if (line !== null) {
    const column = document.lineAt(line).firstNonWhitespaceCharacterIndex
    debug.addBreakpoints([
      new SourceBreakpoint(new Location(document.uri, document.lineAt(line).range.start.translate(0, column))),
    ])
  }
  ok(
    await debug.startDebugging(undefined, {
      name: 'in the test',
      type: 'writ',
      request: 'launch',
      program: document.uri.fsPath,
      ...more,
    }),
  )
  await eventually('a session', () => debug.activeDebugSession !== undefined)
  const session = debug.activeDebugSession
  if (!session) throw new Error('the session has ended')
  return session
}

async function frames(session: DebugSession): Promise<readonly Frame[]> {
  const { stackFrames } = await session.customRequest('stackTrace', { threadId: 1 })
  return stackFrames
}

function lineOf(document: TextDocument, part: string): number {
  return document.positionAt(document.getText().indexOf(part)).line
}
