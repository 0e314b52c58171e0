/**
 * From the decisions of a piece of a stream to the entries of its log: bytes of records, openings of what they withhold, and the
 * same decision as a line for whoever asked. Which form records have is record.ts; where they are kept is node/audit.
 */
import {
  type Batch,
  type DecisionStanding,
  decisionStanding,
  decisionWords,
  type Leaf,
  leavesOf,
  type MatchSet,
  obligationsOf,
  type Plan,
  type PlanContract,
  reasonReadSet,
  reasonText,
} from '@writ/engine'
import { canonicalJson } from './canonical-json.ts'
import { commitment, openingLine, saltBytes } from './commitment.ts'
import { EntryBuffer } from './entry-buffer.ts'
import { obligationJson, tellingObligations } from './obligation-json.ts'
import { type LivedOn, whatHappened } from './obligation-lines.ts'
import { ObligationRecords } from './obligation-records.ts'
import { fitting, type Part } from './parts.ts'
import { recordForm } from './record.ts'
import { hasSensitive, isSensitive, textTells } from './sensitive.ts'
import type { DecidedPiece } from './session.ts'
import { absentWord, columnJson, type ReadJson, timeJson, unknownWord } from './value-json.ts'
import type { RecordWriterOptions, WrittenRecord } from './written-record.ts'

export class RecordWriter {
  readonly #options: RecordWriterOptions
  readonly #entries = new EntryBuffer()
  /** By policy and contract, what the policy may read of its event. */
  readonly #reads: readonly (readonly (readonly Leaf[])[])[]
  readonly #policyWords: readonly string[]
  readonly #ruleWords: readonly (readonly RuleWords[])[]
  readonly #obligations: ObligationRecords

  constructor(options: RecordWriterOptions) {
    this.#options = options
    const { plan } = options
    this.#reads = plan.policies.map(policy => {
      const read = reasonReadSet({ ...plan, policies: [policy] })
      return plan.contracts.map((contract, index) => leavesOf(contract, read[index] ?? new Set()))
    })
    this.#policyWords = plan.policies.map(
      ({ name, version }) =>
        `{"digest":"${options.program}","name":${JSON.stringify(name)},"version":${JSON.stringify(version)}}`,
    )
    this.#ruleWords = plan.policies.map((_, policy) => ruleWords(plan, policy))
    this.#obligations = new ObligationRecords(options, this.#entries)
  }

  /**
   * The decisions about the new records of the piece and what lives on after them, in the order in which it happened: at an
   * event, deadlines that it shows to have passed, decisions, approvals, changes. The first becomes entry `firstEntry`.
   */
  write(piece: DecidedPiece, decidedAt: number, firstEntry: number): readonly WrittenRecord[] {
    const { decisions, firstDecision, obligations, numberOf } = piece.result
    const { plan } = this.#options
    const written: WrittenRecord[] = []
    const events = plan.contracts.map((_, contract) => this.#eventParts(piece, contract))
    const decided = timeJson(decidedAt)
    const kept = new Map<string, Conclusion>()
    const lived: LivedOn = { plan, view: piece.view, obligations, rejected: piece.rejected, numberOf }
    const happened = whatHappened(lived, piece.firstEvent)
    let next = 0
    const happenedBefore = (seq: number): void => {
      for (let one = happened[next]; one !== undefined; one = happened[++next]) {
        if (one.seq > seq || (one.seq === seq && !one.passed)) return
        written.push(this.#obligations.write(piece, lived, one, decided, firstEntry + written.length))
      }
    }
    for (let place = firstDecision; place < decisions.size; place++) {
      const seq = decisions.seq[place] ?? 0
      happenedBefore(seq)
      const contract = piece.log.contractOf[seq] ?? 0
      const row = piece.log.rowOf[seq] ?? 0
      const policy = decisions.policy[place] ?? 0
      const standing = decisionStanding(plan, piece.result, place)
      const key = `${policy} ${decisions.decidedBy[place]} ${decisions.matched[place]} ${standing?.counts} ${standing?.stage}`
      const known = kept.get(key)
      const conclusion = known ?? this.#conclusion(piece, place, standing)
      if (known === undefined && conclusion.constant) kept.set(key, conclusion)
      const event = events[contract]?.at(row, policy)
      if (event === undefined) throw new Error(`event ${seq} has no contract`)
      written.push(this.#record(event, conclusion, policy, decided, firstEntry + written.length))
    }
    happenedBefore(Number.POSITIVE_INFINITY)
    return written
  }

  #record(event: EventParts, conclusion: Conclusion, policy: number, decidedAt: string, entry: number): WrittenRecord {
    const { run, sha256, random } = this.#options
    const open = this.#openRecord(event, conclusion, policy, decidedAt)
    if (open !== null) return { framed: open, openings: none, answer: `${event.answer},${conclusion.answer}` }
    const openings: string[] = []
    const withheld: (readonly [string, string])[] = []
    // That a value is missing is told no more than the value: it is withheld like any other.
    const part = (path: string, text: string, secret: boolean): Part => {
      if (!secret) return { path, text }
      const salt = random(saltBytes)
      withheld.push([path, commitment(sha256, salt, text)])
      openings.push(openingLine(entry, path, salt, text))
      return { path, text: 'null' }
    }
    const digest = part('event.digest', JSON.stringify(event.digest), event.secret).text
    const inputs = event.inputs.map(input => part(`inputs.${input.key}`, input.text, input.secret))
    const keys = event.keys.map(input => part(`keys.${input.key}`, input.text, input.secret))
    const obligations = conclusion.obligations(part)
    const reason = part('reason', conclusion.reasonJson, conclusion.secretReason)
    const unknown = [
      ...(event.unknown.length > 0 ? [`"inputs":${JSON.stringify(event.unknown)}`] : []),
      ...(conclusion.unknownRules === null ? [] : [`"rules":${conclusion.unknownRules}`]),
    ]
    const commitments = withheld
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, hash]) => `${JSON.stringify(path)}:"${hash}"`)
    const text = (shown: (part: Part) => string, cut: string): string => {
      const members = (parts: readonly Part[], prefix: string): string =>
        parts.map(one => `${JSON.stringify(one.path.slice(prefix.length))}:${shown(one)}`).join(',')
      return [
        `{${conclusion.counts}${cut}"decidedAt":${decidedAt},"decidedBy":${conclusion.decidedBy},"decision":${conclusion.decision}`,
        `,"event":{"contract":${event.contract},"digest":${digest},"index":${event.index},"stream":${event.stream}`,
        `,"time":${event.time},"version":${event.version}},"form":"${recordForm}"`,
        `,"inputs":{${members(inputs, 'inputs.')}},"keys":{${members(keys, 'keys.')}}`,
        `${conclusion.standing},"matched":${conclusion.matched}${conclusion.mode}`,
        obligations === null ? '' : `,"obligations":${shown(obligations)}`,
        `,"policy":${this.#policyWords[policy]}`,
        `,"reason":${shown(reason)},"run":"${run}"${conclusion.stage}`,
        unknown.length > 0 ? `,"unknown":{${unknown.join(',')}}` : '',
        conclusion.waived,
        commitments.length > 0 ? `,"withheld":{${commitments.join(',')}}` : '',
        '}',
      ].join('')
    }
    const framed = (record: string): Uint8Array | null => this.#entries.framed(record)
    const whole = framed(text(one => one.text, ''))
    const parts = [...inputs, ...keys, reason, ...(obligations === null ? [] : [obligations])]
    return {
      framed: whole ?? fitting(sha256, framed, parts, text),
      openings,
      answer: `${event.answer},${conclusion.answer}`,
    }
  }

  /** Most records withhold nothing, oblige to nothing and fit: the same text without taking it to parts. Null for any other. */
  #openRecord(event: EventParts, conclusion: Conclusion, policy: number, decidedAt: string): Uint8Array | null {
    if (event.secret || conclusion.secretReason || conclusion.obliges) return null
    const { unknownRules } = conclusion
    const unknown =
      event.unknown.length === 0 && unknownRules === null
        ? ''
        : `,"unknown":{${[
            ...(event.unknown.length > 0 ? [`"inputs":${JSON.stringify(event.unknown)}`] : []),
            ...(unknownRules === null ? [] : [`"rules":${unknownRules}`]),
          ].join(',')}}`
    return this.#entries.framed(
      `{${conclusion.counts}"decidedAt":${decidedAt},"decidedBy":${conclusion.decidedBy},"decision":${conclusion.decision},"event":{"contract":${event.contract},"digest":"${event.digest}","index":${event.index},"stream":${event.stream},"time":${event.time},"version":${event.version}},"form":"${recordForm}","inputs":${membersJson(event.inputs)},"keys":${membersJson(event.keys)}${conclusion.standing},"matched":${conclusion.matched}${conclusion.mode},"policy":${this.#policyWords[policy]},"reason":${conclusion.reasonJson},"run":"${this.#options.run}"${conclusion.stage}${unknown}${conclusion.waived}}`,
    )
  }

  /** What the records say of the events of one contract in this piece. */
  #eventParts(piece: DecidedPiece, contract: number): { readonly at: (row: number, policy: number) => EventParts } {
    const { plan, stream, sha256Hex } = this.#options
    const batch = piece.log.batches[contract]
    const contractPlan = plan.contracts[contract]
    if (batch === undefined || contractPlan === undefined) throw new RangeError(`there is no contract ${contract}`)
    const all = contractPlan.fields.length === 0 ? [] : leavesOf(contractPlan)
    const keyLeaves = all.filter(
      leaf => contractPlan.keyFields.includes(leaf.path[0] ?? '') && leaf.type.kind !== 'record',
    )
    const keyReaders = readers(piece, batch, contractPlan, keyLeaves)
    const inputReaders = this.#reads.map(reads => readers(piece, batch, contractPlan, reads[contract] ?? []))
    const secret = hasSensitive(contractPlan)
    const name = JSON.stringify(contractPlan.name)
    const streamName = JSON.stringify(stream)
    const version = JSON.stringify(contractPlan.version)
    let digested = -1
    let digest = ''
    return {
      at: (row, policy) => {
        const index = batch.index[row] ?? 0
        if (digested !== index) {
          digest = sha256Hex(piece.lineOf(index))
          digested = index
        }
        const time = timeJson(batch.time[row] ?? 0)
        const inputs = (inputReaders[policy] ?? []).map(reader => read(reader, row))
        const unknown = inputs.some(input => input.unknown)
          ? inputs.filter(input => input.unknown).map(input => input.key)
          : none
        const keys = keyReaders.map(reader => read(reader, row))
        const answer = `"event":{"contract":${name},"file":${streamName},"index":${index},"time":${time}}`
        return {
          contract: name,
          stream: streamName,
          version,
          index,
          time,
          digest,
          secret,
          inputs,
          keys,
          unknown,
          answer,
        }
      },
    }
  }

  #conclusion(piece: DecidedPiece, place: number, given: DecisionStanding | null): Conclusion {
    const counts = given === null ? null : String(given.counts)
    const stage = given === null || given.stage === null ? null : JSON.stringify(given.stage)
    const { plan } = this.#options
    const { view, rejected, result } = piece
    const { decisions } = result
    const policy = decisions.policy[place] ?? 0
    const rule = decisions.decidedBy[place] ?? -1
    const seq = decisions.seq[place] ?? 0
    const set: MatchSet = decisions.matchSets[decisions.matched[place] ?? 0] ?? { rules: [], unknown: [] }
    const policyPlan = plan.policies[policy]
    const words = this.#ruleWords[policy]?.[rule + 1]
    if (policyPlan === undefined || words === undefined) throw new RangeError(`policy ${policy} has no rule ${rule}`)
    const options = { rejected: (other: number) => rejected.has(other) }
    const names = (rules: readonly number[]) => JSON.stringify(rules.map(index => policyPlan.rules[index]?.name ?? ''))
    const obliges = set.rules.some(index => this.#ruleWords[policy]?.[index + 1]?.obliges === true)
    const obligations = obliges ? obligationsOf(plan, view, seq, policy, set.rules, options) : []
    const reason = reasonText(plan, view, seq, policy, rule, options)
    const decision = decisionWords[decisions.decision[place] ?? 0] ?? 'permit'
    const matched = names(set.rules)
    const unknownRules = set.unknown.length === 0 ? null : names(set.unknown)
    const decidedBy = JSON.stringify(policyPlan.rules[rule]?.name ?? null)
    const { layer, mode } = policyPlan
    const lasting = set.lasting === undefined ? null : names(set.lasting)
    const waived = (set.waived ?? []).map(({ rule: index, exception }) => ({
      exception: plan.exceptions[exception]?.name ?? '',
      grantedBy: plan.exceptions[exception]?.grantedBy ?? '',
      rule: policyPlan.rules[index]?.name ?? '',
    }))
    const waivedBy = waived.map(one => ({ rule: one.rule, exception: one.exception, grantedBy: one.grantedBy }))
    const told = obligations.map(one => obligationJson(one, policyPlan.rules))
    const answer = [
      `"policy":${JSON.stringify(policyPlan.name)},"version":${JSON.stringify(policyPlan.version)}`,
      `,"decision":"${decision}","rules":${matched},"reason":${JSON.stringify(reason)},"decidedBy":${decidedBy}`,
      mode === 'shadow' ? `,"mode":"shadow"` : '',
      counts === null ? '' : `,"counts":${counts}`,
      stage === null ? '' : `,"stage":${stage}`,
      layer === null ? '' : `,"layer":${JSON.stringify(layer)}`,
      unknownRules === null ? '' : `,"unknown":${unknownRules}`,
      lasting === null ? '' : `,"lasting":${lasting}`,
      waived.length === 0 ? '' : `,"waivedBy":${JSON.stringify(waivedBy)}`,
      told.length === 0 ? '' : `,"obligations":${JSON.stringify(told)}`,
    ].join('')
    return {
      constant: words.constant && !obliges,
      decision: `"${decision}"`,
      decidedBy,
      matched,
      standing: `${lasting === null ? '' : `,"lasting":${lasting}`}${layer === null ? '' : `,"layer":${JSON.stringify(layer)}`}`,
      mode: mode === 'shadow' ? ',"mode":"shadow"' : '',
      counts: counts === null ? '' : `"counts":${counts},`,
      stage: stage === null ? '' : `,"stage":${stage}`,
      waived: waived.length === 0 ? '' : `,"waived":${canonicalJson(waived)}`,
      unknownRules,
      reasonJson: JSON.stringify(reason),
      obliges: obligations.length > 0,
      secretReason: words.secret,
      obligations: part => (told.length === 0 ? null : tellingObligations(plan, policyPlan, obligations, told, part)),
      answer,
    }
  }
}

/** What is the same for all decisions by a rule. */
interface RuleWords {
  /** The reason has no values in it. */
  readonly constant: boolean
  /** The reason may tell a sensitive value. */
  readonly secret: boolean
  readonly obliges: boolean
}

interface Conclusion {
  /** Equal for all decisions with the same rules. */
  readonly constant: boolean
  readonly decision: string
  readonly decidedBy: string
  readonly matched: string
  /** Members before and after `matched`, and after `unknown`; each begins with a comma where it is not empty. */
  readonly standing: string
  readonly mode: string
  /** Where rollouts have a say: with its comma behind, and before. */
  readonly counts: string
  readonly stage: string
  readonly waived: string
  readonly unknownRules: string | null
  readonly reasonJson: string
  readonly obliges: boolean
  readonly secretReason: boolean
  readonly obligations: (part: (path: string, text: string, secret: boolean) => Part) => Part | null
  readonly answer: string
}

interface EventParts {
  readonly contract: string
  readonly stream: string
  readonly version: string
  readonly index: number
  readonly time: string
  readonly digest: string
  readonly secret: boolean
  readonly inputs: readonly ReadInput[]
  readonly keys: readonly ReadInput[]
  readonly unknown: readonly string[]
  readonly answer: string
}

interface ReadInput {
  readonly key: string
  readonly keyJson: string
  readonly text: string
  readonly secret: boolean
  readonly unknown: boolean
}

interface InputReader {
  readonly key: string
  readonly keyJson: string
  readonly secret: boolean
  readonly json: ReadJson
}

function readers(piece: DecidedPiece, batch: Batch, contract: PlanContract, leaves: readonly Leaf[]): InputReader[] {
  return leaves
    .flatMap((leaf): InputReader[] => {
      const column = batch.columns.get(leaf.key)
      if (column === undefined) return []
      const json = columnJson(column, leaf, piece.log.dictionary)
      return [{ key: leaf.key, keyJson: JSON.stringify(leaf.key), secret: isSensitive(contract, leaf.path), json }]
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

function read({ key, keyJson, secret, json }: InputReader, row: number): ReadInput {
  const text = json(row)
  const unknown = text === unknownWord
  const none = unknown || text === absentWord
  return { key, keyJson, text: none ? 'null' : text, secret, unknown: unknown && !secret }
}

function membersJson(inputs: readonly ReadInput[]): string {
  let text = '{'
  for (const { keyJson, text: value } of inputs)
    text += text.length === 1 ? `${keyJson}:${value}` : `,${keyJson}:${value}`
  return `${text}}`
}

const none: readonly string[] = []

/** By rule, after the default. */
function ruleWords(plan: Plan, policy: number): readonly RuleWords[] {
  const policyPlan = plan.policies[policy]
  if (policyPlan === undefined) throw new RangeError(`the plan has no policy ${policy}`)
  const { because } = policyPlan.default
  const isConstant = (text: typeof because): boolean => (text ?? []).every(part => typeof part === 'string')
  return [
    { constant: isConstant(because), secret: textTells(plan, policyPlan.contracts, because), obliges: false },
    ...policyPlan.rules.map(rule => {
      const text = rule.because ?? rule.text
      return {
        constant: isConstant(text),
        secret: textTells(plan, rule.contracts, text),
        obliges: rule.approval !== null || rule.obligations.length > 0,
      }
    }),
  ]
}
