/**
 * Where a debug session stands, and how it moves: among the steps of one event, and from event to event, in both directions. Knows nothing of
 * the protocol (adapter.ts) and nothing of the language: moments are the server's.
 */
import type {
  DebugFindResult,
  DebugMomentResult,
  DebugQuestion,
  PlacedDebugStep,
  Wanted,
  Watched,
} from '@writ/language-server/debug-messages'

export type Moment = NonNullable<DebugMomentResult>
/** Asks the server about what is debugged. */
export type Ask = <Result>(question: DebugQuestion) => Promise<Result>

export interface Breakpoint {
  readonly uri: string
  /** From 0. */
  readonly line: number
  /** What it stands in. */
  readonly of: readonly Wanted[]
  /** An expression of the language that must be true; null: always. */
  readonly condition: string | null
}
/** How a move ended; `end`: there are no more events in that direction, and the walk stands where it stood. */
export type Stop = 'step' | 'breakpoint' | 'end'
export type Direction = 'forward' | 'back'

/** Events whose breakpoint has a condition are tried one after the other, up to so many. */
const mostTried = 10_000
const beyondAll = 2 ** 31 - 1

export class Walk {
  readonly #ask: Ask
  readonly #policy: string | null
  readonly #all: readonly Wanted[]
  breakpoints: readonly Breakpoint[] = []
  #moment: Moment
  #index = 0

  private constructor(ask: Ask, policy: string | null, all: readonly Wanted[], moment: Moment) {
    this.#ask = ask
    this.#policy = policy
    this.#all = all
    this.#moment = moment
  }

  /** Null where no policy decides the event. `policies` are those there are; `policy`: the only one that is looked at. */
  static async begin(
    ask: Ask,
    policies: readonly string[],
    policy: string | null,
    event: number | 'first' | 'last',
  ): Promise<Walk | null> {
    const all = policies.filter(name => policy === null || name === policy).map(name => ({ policy: name, rule: null }))
    const seq = typeof event === 'number' ? event : await nearest(ask, event, all)
    const moment = seq === null ? null : await ask<DebugMomentResult>({ kind: 'moment', seq, policy })
    return moment && new Walk(ask, policy, all, moment)
  }

  get moment(): Moment {
    return this.#moment
  }
  get index(): number {
    return this.#index
  }
  /** The current step and those around it, the innermost first. */
  get around(): readonly { readonly step: PlacedDebugStep; readonly index: number }[] {
    const found: { step: PlacedDebugStep; index: number }[] = []
    let depth = Number.POSITIVE_INFINITY
    for (let index = this.#index; index >= 0; index--) {
      const step = this.#moment.steps[index]
      if (!step || step.depth >= depth) continue
      depth = step.depth
      found.push({ step, index })
      if (depth === 0) break
    }
    return found
  }

  stepIn(): Promise<Stop> {
    return this.#to(this.#index + 1 < this.#moment.steps.length ? this.#index + 1 : null)
  }
  next(): Promise<Stop> {
    return this.#to(this.#behind(depth => depth))
  }
  stepOut(): Promise<Stop> {
    return this.#to(this.#behind(depth => depth - 1))
  }
  /** To the step before, on the same level or further out; from the first one to the last one of the event before. */
  async stepBack(): Promise<Stop> {
    const depth = this.#depth
    for (let index = this.#index - 1; index >= 0; index--) {
      if ((this.#moment.steps[index]?.depth ?? 0) > depth) continue
      this.#index = index
      return 'step'
    }
    if (!(await this.#toEvent('back', this.#all))) return 'end'
    this.#index = this.#moment.steps.length - 1
    return 'step'
  }

  /** To the next breakpoint: of this event, else of the nearest event whose rule matched. */
  async run(direction: Direction): Promise<Stop> {
    const [moment, index] = [this.#moment, this.#index]
    const step = direction === 'forward' ? 1 : -1
    if (await this.#toBreakpoint(index + step, step)) return 'breakpoint'
    const wanted = this.breakpoints.flatMap(({ of }) => of)
    for (let tried = 0; tried < mostTried && wanted.length > 0; tried++) {
      if (!(await this.#toEvent(direction, wanted))) break
      if (await this.#toBreakpoint(direction === 'forward' ? 0 : this.#moment.steps.length - 1, step))
        return 'breakpoint'
    }
    this.#moment = moment
    this.#index = index
    return 'end'
  }

  /** Stays at the first step where a breakpoint is, else goes to the next one: for sessions that do not stop at the entry. */
  async start(): Promise<Stop> {
    return (await this.#toBreakpoint(0, 1)) ? 'breakpoint' : await this.run('forward')
  }

  watch(expression: string, index = this.#index): Promise<Watched> {
    const policy = this.#moment.steps[index]?.policy ?? ''
    return this.#ask({ kind: 'watch', seq: this.#moment.seq, policy, expression })
  }

  get #depth(): number {
    return this.#moment.steps[this.#index]?.depth ?? 0
  }

  /** The next step that is not deeper than told; null: the event is over. */
  #behind(deepest: (depth: number) => number): number | null {
    const limit = deepest(this.#depth)
    for (let index = this.#index + 1; index < this.#moment.steps.length; index++)
      if ((this.#moment.steps[index]?.depth ?? 0) <= Math.max(0, limit)) return index
    // What decided is seen before the event is left.
    const last = this.#moment.steps.length - 1
    return this.#index < last ? last : null
  }

  /** Null: to the next event. */
  async #to(index: number | null): Promise<Stop> {
    if (index === null) return (await this.#toEvent('forward', this.#all)) ? 'step' : 'end'
    this.#index = index
    return 'step'
  }

  async #toEvent(direction: Direction, wanted: readonly Wanted[]): Promise<boolean> {
    const from = this.#moment.seq
    const seq = await this.#ask<DebugFindResult>({ kind: 'find', from, direction, wanted })
    const moment = seq === null ? null : await this.#momentAt(seq)
    if (moment === null) return false
    this.#moment = moment
    this.#index = 0
    return true
  }

  #momentAt(seq: number): Promise<DebugMomentResult> {
    return this.#ask<DebugMomentResult>({ kind: 'moment', seq, policy: this.#policy })
  }

  async #toBreakpoint(from: number, step: 1 | -1): Promise<boolean> {
    for (let index = from; index >= 0 && index < this.#moment.steps.length; index += step) {
      if (!this.#begins(index)) continue
      const { place } = this.#moment.steps[index] ?? {}
      const here = this.breakpoints.filter(({ uri, line }) => uri === place?.uri && line === place.start.line)
      for (const { condition } of here) {
        if (condition !== null) {
          const result = await this.watch(condition, index)
          // What is no condition stops, so that somebody sees it.
          if (result.kind === 'value' && result.value.value !== 'true') continue
        }
        this.#index = index
        return true
      }
    }
    return false
  }

  /** Whether the walk comes to the line of a step with it: several of one line stop once. The decision stands on a rule's line, and is none. */
  #begins(index: number): boolean {
    const { steps } = this.#moment
    const step = steps[index]
    if (!step || step.kind === 'decision') return false
    const before = steps[index - 1]
    return before?.place.uri !== step.place.uri || before.place.start.line !== step.place.start.line
  }
}

function nearest(ask: Ask, which: 'first' | 'last', wanted: readonly Wanted[]): Promise<DebugFindResult> {
  return which === 'first'
    ? ask({ kind: 'find', from: -1, direction: 'forward', wanted })
    : ask({ kind: 'find', from: beyondAll, direction: 'back', wanted })
}
