/**
 * The debug adapter for recorded events, inside of the extension: the Debug Adapter Protocol on one side, a walk through moments (walk.ts) on
 * the other. Imports nothing of VS Code, so that tests speak to it as VS Code does; what it needs of it is in `Backend`.
 */
import type { DebugStopsResult, DebugValue, Wanted } from '@writ/language-server/debug-messages'
import {
  capabilities,
  type EvaluateArguments,
  type Frame,
  type FrameArguments,
  type Launch,
  type Message,
  type Request,
  type SourceArguments,
  type Variable,
  type VariablesArguments,
} from './protocol.ts'
import { type Ask, type Breakpoint, type Stop, Walk } from './walk.ts'

export interface Backend {
  /** Makes what the configuration names ready; the words to show where that is not possible. */
  prepare(launch: Launch): Promise<{ readonly ask: Ask } | { readonly problem: string }>
  /** What editors call a file, and back. */
  toUri(path: string): string
  toPath(uri: string): string
}

type Stops = NonNullable<DebugStopsResult>
const thread = 1
/** The frame below all others, the event itself. */
const eventFrame = 1_000_000

export class Adapter {
  readonly #backend: Backend
  readonly #listeners = new Set<(message: Message) => void>()
  #walk: Walk | null = null
  #stops: Stops = []
  #stopOnEntry = true
  readonly #breakpoints = new Map<string, readonly Breakpoint[]>()
  #values: (readonly DebugValue[])[] = []
  /** One move after the other, however fast the buttons are pressed. */
  #turn: Promise<void> = Promise.resolve()

  constructor(backend: Backend) {
    this.#backend = backend
  }

  readonly onDidSendMessage = (listener: (message: Message) => void): { dispose(): void } => {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }

  handleMessage(message: Message): void {
    if (message.type !== 'request') return
    const request = message as Request
    this.#turn = this.#turn.then(() => this.#answer(request))
  }

  dispose(): void {
    this.#listeners.clear()
  }

  async #answer(request: Request): Promise<void> {
    const { seq, command } = request
    try {
      const { body = {}, after } = await this.#handle(command, request.arguments)
      this.#send({ type: 'response', request_seq: seq, command, success: true, body })
      after?.()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const body = { error: { id: 1, format: message, showUser: command === 'launch' } }
      this.#send({ type: 'response', request_seq: seq, command, success: false, message, body })
    }
  }

  async #handle(command: string, given: unknown): Promise<Answer> {
    switch (command) {
      case 'initialize':
        return { body: capabilities }
      case 'launch':
        return await this.#launch(given as Launch)
      case 'setBreakpoints':
        return { body: { breakpoints: this.#setBreakpoints(given as SourceArguments) } }
      case 'configurationDone':
        return { after: () => void this.#begin() }
      case 'threads':
        return { body: { threads: [{ id: thread, name: this.#walk?.moment.title ?? '' }] } }
      case 'stackTrace': {
        const stackFrames = this.#frames()
        return { body: { stackFrames, totalFrames: stackFrames.length } }
      }
      case 'scopes':
        return { body: { scopes: this.#scopes(given as FrameArguments) } }
      case 'variables':
        return {
          body: {
            variables: (this.#values[(given as VariablesArguments).variablesReference - 1] ?? []).map(value =>
              this.#variable(value),
            ),
          },
        }
      case 'evaluate':
        return { body: await this.#evaluate(given as EvaluateArguments) }
      case 'next':
        return this.#move(walk => walk.next())
      case 'stepIn':
        return this.#move(walk => walk.stepIn())
      case 'stepOut':
        return this.#move(walk => walk.stepOut())
      case 'stepBack':
        return this.#move(walk => walk.stepBack(), 'stay')
      case 'continue':
        return this.#move(walk => walk.run('forward'))
      case 'reverseContinue':
        return this.#move(walk => walk.run('back'), 'stay')
      case 'disconnect':
      case 'terminate':
        return { after: () => this.#event('terminated') }
      default:
        // Nothing runs that could be paused, and there are no exceptions.
        return {}
    }
  }

  async #launch(launch: Launch): Promise<Answer> {
    const prepared = await this.#backend.prepare(launch)
    if ('problem' in prepared) throw new Error(prepared.problem)
    const { ask } = prepared
    const stops = await ask<DebugStopsResult>({ kind: 'stops' })
    if (stops === null) throw new Error('The program has errors: it is debugged when they are mended.')
    this.#stops = stops
    this.#stopOnEntry = launch.stopOnEntry !== false
    const policies = [...new Set(stops.map(({ policy }) => policy))]
    const event = launch.event ?? (launch.test === undefined ? 'last' : 'first')
    this.#walk = await Walk.begin(ask, policies, launch.policy ?? null, event)
    if (this.#walk === null)
      throw new Error(
        typeof event === 'number'
          ? `No policy decides event ${event}, or there is no such event.`
          : 'There is no event that a policy decides.',
      )
    return { after: () => this.#event('initialized') }
  }

  async #begin(): Promise<void> {
    const walk = this.#walk
    if (!walk) return
    if (this.#stopOnEntry) this.#stopped('entry')
    else this.#ended(await walk.start(), 'forward')
  }

  /** On a line where the walk may stop: the wanted one, else the next one of the same rule, else none. */
  #setBreakpoints({ source, breakpoints = [] }: SourceArguments): readonly object[] {
    const uri = this.#backend.toUri(source.path ?? '')
    const here = this.#stops.filter(({ place }) => this.#same(place.uri, uri))
    const placed = breakpoints.map(({ line, condition }) => {
      const lines = here.map(({ place }) => place.start.line).filter(one => one >= line - 1)
      const nearest = Math.min(...lines)
      return { line: nearest, condition: condition ?? null, isThere: lines.length > 0 && nearest - (line - 1) <= 3 }
    })
    this.#breakpoints.set(
      uri,
      placed.flatMap(({ line, condition, isThere }) => {
        const stops = here.filter(({ place }) => place.start.line === line)
        const first = stops[0]
        return first && isThere ? [{ uri: first.place.uri, line, condition, of: wantedOf(stops) }] : []
      }),
    )
    if (this.#walk) this.#walk.breakpoints = [...this.#breakpoints.values()].flat()
    return placed.map(({ line, isThere }) =>
      isThere ? { verified: true, line: line + 1 } : { verified: false, message: 'No rule is evaluated here.' },
    )
  }

  #frames(): readonly Frame[] {
    const walk = this.#walk
    if (!walk) return []
    const frames = walk.around.map(({ step: { kind, title, place }, index }): Frame => {
      const path = this.#backend.toPath(place.uri)
      return {
        id: index + 1,
        name: title,
        source: { name: path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1), path },
        line: place.start.line + 1,
        column: place.start.character + 1,
        // An expression is marked from end to end; a rule only where it begins.
        ...(kind === 'expression' ? { endLine: place.end.line + 1, endColumn: place.end.character + 1 } : {}),
      }
    })
    const { title, seq, of } = walk.moment
    const event = { id: eventFrame, name: `${title} (event ${seq} of ${of})`, line: 0, column: 0 }
    return [...frames, { ...event, presentationHint: 'label' }]
  }

  #scopes({ frameId = eventFrame }: FrameArguments): readonly object[] {
    const walk = this.#walk
    if (!walk) return []
    const { moment } = walk
    const policy = moment.steps[frameId - 1]?.policy ?? moment.steps[walk.index]?.policy
    const own = moment.policies.find(one => one.policy === policy)
    const scope = (name: string, values: readonly DebugValue[]) =>
      values.length === 0 ? [] : [{ name, variablesReference: this.#reference(values), expensive: false }]
    return [...scope('Event', moment.event), ...scope('Let', own?.lets ?? []), ...scope('Windows', own?.windows ?? [])]
  }

  async #evaluate({ expression, frameId }: EvaluateArguments): Promise<object> {
    const walk = this.#walk
    if (!walk) throw new Error('The session has ended.')
    const inSteps = frameId !== undefined && frameId !== eventFrame
    const result = await walk.watch(expression, inSteps ? frameId - 1 : walk.index)
    if (result.kind === 'problem') throw new Error(result.message)
    const { value, type, variablesReference } = this.#variable(result.value)
    return { result: value, type, variablesReference }
  }

  #variable({ name, value, type, members }: DebugValue): Variable {
    return { name, value, type, variablesReference: members.length === 0 ? 0 : this.#reference(members) }
  }
  #reference(values: readonly DebugValue[]): number {
    return this.#values.push(values)
  }

  /** `atEnd`: backwards nothing ends, the walk stays at the first event. */
  #move(move: (walk: Walk) => Promise<Stop>, atEnd: 'end' | 'stay' = 'end'): Answer {
    const walk = this.#walk
    if (!walk) return {}
    return {
      body: { allThreadsContinued: true },
      after: () => {
        this.#turn = this.#turn.then(async () => {
          this.#ended(await move(walk), atEnd === 'stay' ? 'back' : 'forward')
        })
      },
    }
  }

  #ended(stop: Stop, direction: 'forward' | 'back'): void {
    if (stop !== 'end') this.#stopped(stop)
    else if (direction === 'back') this.#stopped('entry')
    else this.#event('terminated')
  }

  #stopped(reason: 'entry' | 'step' | 'breakpoint'): void {
    this.#values = []
    this.#event('stopped', { reason, threadId: thread, allThreadsStopped: true })
  }

  #same(a: string, b: string): boolean {
    return a === b || this.#backend.toPath(a) === this.#backend.toPath(b)
  }

  #event(event: string, body: object = {}): void {
    this.#send({ type: 'event', event, body })
  }
  #send(message: Outgoing): void {
    for (const listener of this.#listeners) listener({ ...message, seq: 0 })
  }
}

type Outgoing =
  | { readonly type: 'event'; readonly event: string; readonly body: object }
  | {
      readonly type: 'response'
      readonly request_seq: number
      readonly command: string
      readonly success: boolean
      readonly message?: string
      readonly body: object
    }

interface Answer {
  readonly body?: object
  /** What follows once the answer is sent. */
  readonly after?: () => void
}

/** Each once. Where a line is of the whole policy, its rules say no more. */
function wantedOf(stops: Stops): readonly Wanted[] {
  const whole = stops.filter(({ rule }) => rule === null)
  const of = whole.length > 0 ? whole : stops
  return [...new Map(of.map(({ policy, rule }) => [`${policy} ${rule}`, { policy, rule }])).values()]
}
