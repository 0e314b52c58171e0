/**
 * A plan over a log, fast: contracts' checks first, then every event's decisions, in the order of the log. Equal to the
 * reference interpreter in every field of the result (test/differential). What one contract's program is made of is in compile/.
 */
import { checkCondition, noHistory, ruleGroup, scopeOf } from '../compile/conditions.ts'
import { canGenerate } from '../compile/generate.ts'
import { Governance } from '../compile/governance.ts'
import { HistoryForms } from '../compile/history/forms.ts'
import { MatchTrie } from '../compile/match-trie.ts'
import { ContractProgram, type DecisionColumns } from '../compile/program.ts'
import { type Condition, policiesOf, rulesOf } from '../compile/rules.ts'
import type { Log } from '../log/columns.ts'
import { hashWithMeasures } from '../measure/hash.ts'
import { type Measured, measure } from '../measure/measure.ts'
import { chainObligations, hashWithObligations } from '../obligation/hash.ts'
import type { Ending } from '../obligation/instance.ts'
import { type Settled, settle } from '../obligation/settle.ts'
import type { Plan } from '../plan/plan.ts'
import { chainRollouts, hashWithRollouts, unbegunRolloutChains } from '../rollout/hash.ts'
import { type RolledOut, rollOut } from '../rollout/pass.ts'
import { beginning, type Continuation, cannotResume, type Resumed } from './continuation.ts'
import type { Decisions, MatchSet, RunNotice, RunResult } from './decisions.ts'
import { hashDecisions, hashPiece } from './hash.ts'
import { byRule } from './notice-order.ts'

export interface EvaluateOptions {
  /** False where `new Function` is forbidden (a strict content security policy); the result is the same. Default true. */
  readonly codeGeneration?: boolean
  /** How often conditions are asked before code is made of them; tests make it 1. */
  readonly generateAfter?: number
  /** Closes the log at this time (milliseconds, not before its last event): deadlines up to and including it pass. */
  readonly closeAt?: number
  /** It is this time now (milliseconds, not before the last event), and more may happen: deadlines before it pass. */
  readonly reached?: number
  /** The log goes on with a run. Throws where the continuation is of another program or form. */
  readonly resume?: Resumed
  /** Whether the run is to be gone on from; then the result has a `continuation`. */
  readonly continues?: boolean
  /** Called after every chunk of events with how many are done, of how many. */
  readonly onProgress?: (done: number, total: number) => void
  /** Asked after every chunk; true ends the run, with what is decided so far. */
  readonly shouldStop?: () => boolean
}

export interface Evaluation extends RunResult {
  /** Events whose decisions are in the result: all of the log's, or those before `shouldStop` said so. */
  readonly events: number
  readonly complete: boolean
  /** Where the run goes on, if that was asked for and the log was neither closed nor stopped in; else null. */
  readonly continuation: Continuation | null
  /** Of a log that goes on with a run: the first decision about an event that is new in it; 0 without. */
  readonly firstDecision: number
  /** By instance of `obligations`: its number over the whole run, from 0. */
  readonly numberOf: (instance: number) => number
}

/** Throws where the log was not made for the plan's contracts and read set. */
export function evaluate(plan: Plan, log: Log, options: EvaluateOptions = {}): Evaluation {
  const refusal = options.resume && cannotResume(plan, options.resume.continuation)
  if (refusal) throw new Error(`the run cannot go on from this continuation: ${refusal}`)
  const total = log.contractOf.length
  const { checks, programs, decisions, done, over, generateAfter } = decided(plan, log, options)
  const { rejectedRows } = checks
  const ending = done < total ? null : endingOf(options)
  const { resume, continues = false } = options
  const resumed = resume && {
    before: resume.continuation.obligations,
    seqs: resume.seqs,
    events: resume.continuation.events,
  }
  const settled = settle({
    plan,
    log,
    decisions,
    rejectedRows,
    events: done,
    ending,
    generateAfter,
    resumed: resumed ?? null,
  })
  const { obligations } = settled
  const measured = measure({
    plan,
    log,
    decisions,
    obligations,
    rejectedRows,
    failedChecks: checks.failed,
    events: done,
    over,
    seqOf: placesOf(resume),
    ending,
    before: resume?.continuation.measures ?? null,
  })
  const { measures } = measured
  const rolled = rollOut({
    plan,
    log,
    decisions,
    obligations,
    rejectedRows,
    over,
    seqOf: seq => seq,
    events: done,
    ending,
    before: resume?.continuation.rollouts ?? null,
  })
  const { rollouts } = rolled
  const common = {
    decisions,
    rejected: Int32Array.from(checks.rejected),
    failedChecks: over === 0 ? checks.failed : checks.failed.filter(({ seq }) => seq >= over),
    notices: [...mergedNotices(programs), ...settled.notices].sort(byRule),
    obligations,
    measures,
    rollouts,
    events: done,
    complete: done === total,
    numberOf: settled.numberOf,
  }
  if (resume === undefined && !continues) {
    const hash = hashWithMeasures(hashWithObligations(hashDecisions(decisions), obligations), measures)
    const chains = chainRollouts(unbegunRolloutChains, rollouts)
    return { ...common, hash: hashWithRollouts(hash, rollouts, chains), continuation: null, firstDecision: 0 }
  }
  const before = resume ?? { continuation: beginning(plan), seqs: [] }
  const { hash, continuation, firstDecision } = goneOn(log, decisions, settled, rolled, measured, before, options)
  const isOpen = continues && done === total && obligations.closedAt === null
  return { ...common, hash, continuation: isOpen ? continuation : null, firstDecision }
}

/**
 * The decisions alone, as `evaluate` has them: without what they set in motion, what is measured over them, and the hash. Null where
 * `shouldStop` ended it. Throws where the log was not made for the plan's contracts and read set.
 */
export function decide(plan: Plan, log: Log, options: Pick<EvaluateOptions, 'shouldStop'> = {}): Decisions | null {
  const { decisions, done } = decided(plan, log, options)
  return done < log.contractOf.length ? null : decisions
}

function decided(plan: Plan, log: Log, options: EvaluateOptions) {
  const total = log.contractOf.length
  const mayGenerate = options.codeGeneration !== false && canGenerate()
  const generateAfter = mayGenerate ? (options.generateAfter ?? worthGenerating) : Number.POSITIVE_INFINITY
  const checks = new Checks(plan, log)
  const matchSets: MatchSet[] = [{ rules: [], unknown: [] }]
  const tries = plan.policies.map(policy => new MatchTrie(policy, matchSets))
  const forms = new HistoryForms(checks.rejectedRows)
  const governance = new Governance(plan, log)
  const programs = log.batches.map((batch, contract) => {
    const scope = scopeOf(plan, log, contract, (form, inner) => forms.compile(form, inner))
    const rules = batch.rows === 0 ? [] : rulesOf(plan, contract)
    const group = ruleGroup(rules, scope, forms.windowsOf(scope), generateAfter)
    return new ContractProgram(plan, batch, rules, governance.around(group, rules, scope), tries)
  })
  const out = decisionColumns(plan, log)
  let size = 0
  let done = 0
  const over = options.resume?.seqs.length ?? 0
  while (done < total) {
    const end = Math.min(done < over ? over : total, done + eventsPerChunk)
    checks.run(done, end)
    size = decideEvents(log, programs, checks.rejectedRows, done, end, out, size)
    done = end
    // What was noticed about events that are over was told when they were new.
    if (done === over) for (const program of programs) program.forgetNotices()
    options.onProgress?.(done, total)
    if (options.shouldStop?.() === true) break
  }
  const decisions = {
    size,
    seq: out.seq.subarray(0, size),
    policy: out.policy.subarray(0, size),
    decision: out.decision.subarray(0, size),
    decidedBy: out.decidedBy.subarray(0, size),
    matched: out.matched.subarray(0, size),
    matchSets,
  }
  return { checks, programs, decisions, done, over, generateAfter }
}

function endingOf({ closeAt, reached }: EvaluateOptions): Ending {
  if (closeAt !== undefined) return { closedAt: closeAt }
  return reached === undefined ? null : { reached }
}

/** The hash of the run up to the end of the log, and where it goes on. */
function goneOn(
  log: Log,
  decisions: Decisions,
  { obligations, numberOf, goOn }: Settled,
  { rollouts, states }: RolledOut,
  { measures, goOn: goOnMeasuring }: Measured,
  { continuation: before, seqs }: Resumed,
  { reached }: EvaluateOptions,
) {
  const over = seqs.length
  const seqOf = placesOf({ continuation: before, seqs })
  const firstDecision = firstFrom(decisions, over)
  const made = {
    size: decisions.size - firstDecision,
    seq: decisions.seq.subarray(firstDecision).map(seqOf),
    policy: decisions.policy.subarray(firstDecision),
    decision: decisions.decision.subarray(firstDecision),
    decidedBy: decisions.decidedBy.subarray(firstDecision),
    matched: decisions.matched.subarray(firstDecision),
    matchSets: decisions.matchSets,
  }
  const decided = hashPiece(before.hash, made)
  const numbering = { seq: seqOf, instance: numberOf }
  const chained = chainObligations(decided.hash, obligations, before.obligations.chains, numbering)
  const chains = chainRollouts(before.rollouts.chains, rollouts, firstDecision, seqOf)
  const events = before.events + log.contractOf.length - over
  const last = log.contractOf.length === 0 ? null : timeAt(log, log.contractOf.length - 1)
  const times = [before.time, last, reached ?? null].filter(time => time !== null)
  const continuation: Continuation = {
    ...before,
    events,
    time: times.length === 0 ? null : Math.max(...times),
    hash: decided.after,
    obligations: goOn(chained.after, seqOf),
    rollouts: { stages: states, chains },
    measures: goOnMeasuring(),
  }
  const hash = hashWithRollouts(hashWithMeasures(chained.hash, measures), rollouts, chains)
  return { hash, continuation, firstDecision }
}

/** The place in the whole run of an event of a log that goes on with it. */
function placesOf(resume: Resumed | undefined): (seq: number) => number {
  if (resume === undefined) return seq => seq
  const { continuation, seqs } = resume
  const over = seqs.length
  return seq => (seq < over ? (seqs[seq] as number) : continuation.events + seq - over)
}

function timeAt({ contractOf, rowOf, batches }: Log, seq: number): number {
  return batches[contractOf[seq] as number]?.time[rowOf[seq] as number] as number
}

/** The first decision about event `seq` or a later one. */
function firstFrom({ seq: seqs, size }: Decisions, seq: number): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >> 1
    if ((seqs[middle] as number) < seq) low = middle + 1
    else high = middle
  }
  return low
}

const eventsPerChunk = 1 << 16
/** About when making code takes less time than it saves. */
const worthGenerating = 10_000

/** A rule may concern several contracts, and has one notice all the same. */
function mergedNotices(programs: readonly ContractProgram[]): readonly RunNotice[] {
  const notices = new Map<string, RunNotice>()
  for (const notice of programs.flatMap(program => program.notices())) {
    const key = `${notice.policy} ${notice.rule}`
    const known = notices.get(key)
    const merged = known && {
      ...known,
      count: known.count + notice.count,
      firstSeq: Math.min(known.firstSeq, notice.firstSeq),
    }
    notices.set(key, merged ?? notice)
  }
  return [...notices.values()]
}

/** Runs of events of one contract are handed to its program together. */
function decideEvents(
  log: Log,
  programs: readonly ContractProgram[],
  rejectedRows: readonly (Uint8Array | null)[],
  from: number,
  end: number,
  out: DecisionColumns,
  at: number,
): number {
  const { contractOf, rowOf } = log
  const [only, ...others] = log.batches.filter(batch => batch.rows > 0)
  if (only !== undefined && others.length === 0 && (rejectedRows[only.contract] ?? null) === null)
    return (programs[only.contract] as ContractProgram).decide(from, end, out, at)
  let seq = from
  while (seq < end) {
    const contract = contractOf[seq] as number
    const first = rowOf[seq] as number
    const rejected = rejectedRows[contract] ?? null
    let row = first
    while (seq < end && contractOf[seq] === contract && (rejected === null || rejected[row] === 0)) {
      seq++
      row++
    }
    if (row === first) seq++
    else at = (programs[contract] as ContractProgram).decide(first, row, out, at)
  }
  return at
}

interface CompiledCheck {
  readonly holds: Condition
  readonly rejects: boolean
}

/** The contracts' checks, run ahead of the decisions, so that no window sees an event that they reject. */
class Checks {
  /** By contract: 1 for the rows that a check took out; null for contracts that reject nothing. */
  readonly rejectedRows: readonly (Uint8Array | null)[]
  readonly rejected: number[] = []
  readonly failed: { readonly seq: number; readonly check: number }[] = []
  readonly #log: Log
  readonly #conditions: readonly (readonly CompiledCheck[])[]
  readonly #any: boolean

  constructor(plan: Plan, log: Log) {
    this.#log = log
    this.#conditions = plan.contracts.map((contract, index) => {
      if (log.batches[index]?.rows === 0) return []
      const scope = scopeOf(plan, log, index, noHistory)
      return contract.checks.map(check => ({
        holds: checkCondition(check.condition, scope),
        rejects: check.otherwise === 'reject',
      }))
    })
    this.rejectedRows = this.#conditions.map((checks, index) =>
      checks.some(check => check.rejects) ? new Uint8Array(log.batches[index]?.rows ?? 0) : null,
    )
    this.#any = this.#conditions.some(checks => checks.length > 0)
  }

  /** A check that is unknown fails. */
  run(from: number, end: number): void {
    if (!this.#any) return
    const { contractOf, rowOf } = this.#log
    for (let seq = from; seq < end; seq++) {
      const contract = contractOf[seq] as number
      const checks = this.#conditions[contract] as readonly CompiledCheck[]
      const row = rowOf[seq] as number
      let isRejected = false
      for (let check = 0; check < checks.length; check++) {
        const { holds, rejects } = checks[check] as CompiledCheck
        if (holds(row) === 1) continue
        this.failed.push({ seq, check })
        isRejected ||= rejects
      }
      if (!isRejected) continue
      this.rejected.push(seq)
      const rows = this.rejectedRows[contract]
      if (rows) rows[row] = 1
    }
  }
}

function decisionColumns(plan: Plan, log: Log): DecisionColumns {
  let size = 0
  log.batches.forEach((batch, contract) => {
    size += batch.rows * policiesOf(plan, contract).length
  })
  return {
    seq: new Int32Array(size),
    policy: new Uint16Array(size),
    decision: new Uint8Array(size),
    decidedBy: new Int16Array(size),
    matched: new Int32Array(size),
  }
}
