/**
 * Entries about what lives on after a decision: a change of an instance, or what an Approval did. Canonical JSON like the records
 * of decisions, with the same commitments in place of sensitive values. Their forms are in record.ts, when they happened and how they
 * read as lines in obligation-lines.ts.
 */
import {
  approvalEffects,
  type EventView,
  eventDigest,
  leavesOf,
  type PlanContract,
  type PlanRule,
  transitionKinds,
} from '@writ/engine'
import { canonicalJson, type Json } from './canonical-json.ts'
import { commitment, openingLine, saltBytes } from './commitment.ts'
import type { EntryBuffer } from './entry-buffer.ts'
import {
  consequenceJson,
  dueAfter,
  type Happened,
  happenedLine,
  type LivedOn,
  outcomeOf,
  textOf,
} from './obligation-lines.ts'
import { fitting, type Part } from './parts.ts'
import { approvalForm, transitionForm } from './record.ts'
import { expressionTells, hasSensitive, isSensitive, textTells } from './sensitive.ts'
import type { DecidedPiece } from './session.ts'
import { timeText, valueJson } from './value-json.ts'
import type { RecordWriterOptions, WrittenRecord } from './written-record.ts'

export class ObligationRecords {
  readonly #options: RecordWriterOptions
  readonly #entries: EntryBuffer
  /** Whether what approvals call a request, or the digest of one, can tell something sensitive. */
  readonly #namesTell: boolean
  readonly #digestsTell: boolean

  constructor(options: RecordWriterOptions, entries: EntryBuffer) {
    this.#options = options
    this.#entries = entries
    const { contracts, policies } = options.plan
    const asked = new Set(
      policies.flatMap(({ rules }) => rules.flatMap(rule => (rule.approval === null ? [] : rule.contracts))),
    )
    const requests = contracts.filter((_, index) => asked.has(index))
    this.#digestsTell = requests.some(hasSensitive)
    this.#namesTell = requests.some(contract => contract.keyFields.some(name => isSensitive(contract, [name])))
  }

  /** The record of one thing that happened, as entry `entry`. */
  write(piece: DecidedPiece, lived: LivedOn, happened: Happened, recordedAt: string, entry: number): WrittenRecord {
    const making = new Making(piece, this.#options)
    const members =
      happened.kind === 'approval' ? this.#approval(making, lived, happened) : this.#transition(making, lived, happened)
    const { run } = this.#options
    const { framed, openings } = this.#finished(making, { ...members, recordedAt, run: JSON.stringify(run) }, entry)
    const line = JSON.stringify(happenedLine(lived, happened))
    return { framed, openings, answer: line.slice(1, -1) }
  }

  #transition(making: Making, lived: LivedOn, happened: Happened): Members {
    const { plan, view, obligations } = lived
    const { transitions, instances } = obligations
    const { place, seq, passed, stage } = happened
    const instance = transitions.instance[place] ?? 0
    const policy = plan.policies[instances.policy[instance] ?? -1]
    const rule = policy?.rules[instances.rule[instance] ?? -1]
    if (policy === undefined || rule === undefined) throw new RangeError(`instance ${instance} has no rule`)
    const opening = view.event(instances.openedSeq[instance] ?? -1)
    const contract = contractOf(lived, opening)
    const at = transitions.at[place] ?? 0
    const noticedAt = passed ? (seq < view.size ? view.event(seq).time : (making.piece.tick ?? at)) : at
    const outcome = outcomeOf(lived, place)
    const asked = rule.approval?.stages[stage]
    const { program } = this.#options
    return {
      at: JSON.stringify(timeText(at)),
      by: passed ? 'null' : making.event('by', contractOf(lived, view.event(seq)), view.event(seq)),
      due: JSON.stringify(dueAfter(lived, happened)),
      event: making.event('event', contract, opening),
      form: JSON.stringify(transitionForm),
      instance: String(lived.numberOf(instance)),
      keys: making.keys(contract, opening),
      kind: JSON.stringify(transitionKinds[transitions.kind[place] ?? 0]),
      ...(policy.mode === 'shadow' ? { mode: '"shadow"' } : {}),
      noticedAt: JSON.stringify(timeText(noticedAt)),
      ...(outcome
        ? { outcome: making.part('outcome', canonicalJson(consequenceJson(outcome)), this.#outcomeTells(rule)) }
        : {}),
      policy: canonicalJson({ digest: program, name: policy.name, version: policy.version }),
      ...(asked
        ? {
            request: members({
              digest: making.part(
                'request.digest',
                JSON.stringify(eventDigest(contract, opening)),
                hasSensitive(contract),
              ),
              quorum: String(asked.quorum),
              role: JSON.stringify(asked.role),
              stage: String(stage + 1),
            }),
          }
        : {}),
      rule: JSON.stringify(rule.name),
    }
  }

  #approval(making: Making, lived: LivedOn, { place, seq }: Happened): Members {
    const { plan, view, obligations } = lived
    const { approvals, instances } = obligations
    const event = view.event(seq)
    const contract = contractOf(lived, event)
    const text = (name: string): Json => textOf(event.value([name]))
    const effect = approvalEffects[approvals.effect[place] ?? 0] ?? 'unreadable'
    const instance = approvals.instance[place] ?? -1
    const policy = plan.policies[instances.policy[instance] ?? -1]
    const rule = policy?.rules[instances.rule[instance] ?? -1]
    // Of what is over only the name is kept for long.
    const isHeld = instance >= 0 && effect !== 'late' && effect !== 'settled'
    const opening = isHeld ? view.event(instances.openedSeq[instance] ?? -1) : null
    const digest = opening && eventDigest(contractOf(lived, opening), opening)
    return {
      at: JSON.stringify(timeText(event.time)),
      by: canonicalJson(text('by')),
      digest: making.part('digest', canonicalJson(text('digest')), this.#digestsTell),
      effect: JSON.stringify(effect),
      event: making.event('event', contract, event),
      form: JSON.stringify(approvalForm),
      name: making.part('name', canonicalJson(text('request')), this.#namesTell),
      program: JSON.stringify(this.#options.program),
      request:
        instance < 0
          ? 'null'
          : members({
              digest: making.part('request.digest', JSON.stringify(digest), this.#digestsTell),
              instance: String(lived.numberOf(instance)),
              policy: JSON.stringify(policy?.name ?? ''),
              rule: JSON.stringify(rule?.name ?? ''),
              stage: String((approvals.stage[place] ?? 0) + 1),
            }),
      role: canonicalJson(text('role')),
      verdict: canonicalJson(text('verdict')),
    }
  }

  #outcomeTells({ expectation, contracts, text, approval, obligations }: PlanRule): boolean {
    const { plan } = this.#options
    const about = expectation === null ? contracts : [expectation.opens.contract]
    return (
      textTells(plan, about, approval === null ? text : (approval.otherwise?.text ?? null)) ||
      obligations.some(({ fields }) => fields.some(({ value }) => expressionTells(plan, about, value)))
    )
  }

  #finished(making: Making, own: Members, entry: number): Omit<WrittenRecord, 'answer'> {
    const { sha256, random } = this.#options
    const openings: string[] = []
    const withheld: Record<string, Json> = {}
    for (const { path, text } of making.withheld) {
      const salt = random(saltBytes)
      withheld[path] = commitment(sha256, salt, text)
      openings.push(openingLine(entry, path, salt, text))
    }
    const all = making.withheld.length === 0 ? own : { ...own, withheld: canonicalJson(withheld) }
    const framed = (text: string): Uint8Array | null => this.#entries.framed(text)
    const whole = framed(members(all))
    if (whole !== null) return { framed: whole, openings }
    const parts: Part[] = ['outcome', 'keys'].flatMap(path => {
      const text = all[path]
      return text === undefined ? [] : [{ path, text }]
    })
    const text = (shown: (part: Part) => string, cut: string): string => {
      const shorter = Object.fromEntries(parts.map(part => [part.path, shown(part)]))
      return `{${cut}${members({ ...all, ...shorter }).slice(1)}`
    }
    return { framed: fitting(sha256, framed, parts, text), openings }
  }
}

/** Members of a record by name, each with its canonical JSON. */
type Members = Readonly<Record<string, string>>

function members(all: Members): string {
  const names = Object.keys(all).sort()
  return `{${names.map(name => `${JSON.stringify(name)}:${all[name]}`).join(',')}}`
}

/** A record while it is made: what it withholds. */
class Making {
  readonly withheld: Part[] = []
  readonly piece: DecidedPiece
  readonly #options: RecordWriterOptions

  constructor(piece: DecidedPiece, options: RecordWriterOptions) {
    this.piece = piece
    this.#options = options
  }

  part(path: string, text: string, secret: boolean): string {
    if (!secret) return text
    this.withheld.push({ path, text })
    return 'null'
  }

  event(path: string, contract: PlanContract, { index, time }: EventView): string {
    const { sha256Hex, stream } = this.#options
    const digest = sha256Hex(this.piece.lineOf(index))
    return members({
      contract: JSON.stringify(contract.name),
      digest: this.part(`${path}.digest`, JSON.stringify(digest), hasSensitive(contract)),
      index: String(index),
      stream: JSON.stringify(stream),
      time: JSON.stringify(timeText(time)),
      version: JSON.stringify(contract.version),
    })
  }

  keys(contract: PlanContract, event: EventView): string {
    const keys: Record<string, string> = {}
    for (const leaf of leavesOf(contract)) {
      if (!contract.keyFields.includes(leaf.path[0] ?? '') || leaf.type.kind === 'record') continue
      const text = valueJson(event.value(leaf.path), leaf.type)
      const shown = text === 'absent' || text === 'unknown' ? 'null' : text
      keys[leaf.key] = this.part(`keys.${leaf.key}`, shown, isSensitive(contract, leaf.path))
    }
    return members(keys)
  }
}

function contractOf({ plan }: LivedOn, event: EventView): PlanContract {
  const contract = plan.contracts[event.contract]
  if (contract === undefined) throw new RangeError(`the plan has no contract ${event.contract}`)
  return contract
}
