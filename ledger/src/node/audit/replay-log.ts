/** Replays the log in a folder or archive: reads its entries, openings and programs, and sums what audit/replay.ts finds. */
import { check, languagePath, type Plan } from '@writ/engine'
import { type Problem, parse, problem } from '@writ/grammar'
import { z } from 'zod'
import type { Json } from '../../audit/canonical-json.ts'
import { parseOpening } from '../../audit/commitment.ts'
import { parseRecord } from '../../audit/record.ts'
import { baselineOf, recordedBaseline } from '../../audit/recorded-baselines.ts'
import type { ReplayEntry } from '../../audit/recorded-events.ts'
import { type ReplayProgram, replay } from '../../audit/replay.ts'
import { tileWidth } from '../../tlog/tiles.ts'
import type { LogFiles } from './log-files.ts'
import { LogFolder } from './log-folder.ts'
import { openingsPath, programPath } from './tree-files.ts'

export interface ReplayVerdict {
  /** Decisions that came out as they are recorded, that cannot be told, and that came out otherwise. */
  readonly equal: number
  readonly unknown: number
  readonly different: number
  /** Entries that are no decisions. */
  readonly others: number
  /** Why decisions cannot be told, the most frequent first. */
  readonly because: readonly { readonly why: string; readonly policy: string; readonly decisions: number }[]
  /** W4035 for each decision that came out otherwise; the first hundred. */
  readonly problems: readonly (Problem & { readonly file: null; readonly from: number; readonly to: number })[]
}

const mostProblems = 100

/** Replays the first `size` entries. Everything is in memory at once. Throws the system's errors. */
export function replayLog(files: LogFiles, size: number): ReplayVerdict {
  const folder = new LogFolder(files)
  const counts = { equal: 0, unknown: 0, different: 0, others: 0 }
  const because = new Map<string, { why: string; policy: string; decisions: number }>()
  const problems: ReplayVerdict['problems'][number][] = []
  const programs = new Map<string, ReplayProgram>()
  const program = (digest: string): ReplayProgram => {
    const known = programs.get(digest) ?? readProgram(folder, digest)
    programs.set(digest, known)
    return known
  }
  const count = (): void => void counts.others++
  for (const outcome of replay(entriesOf(folder, size, count), program)) {
    counts[outcome.outcome]++
    const { entry } = outcome
    if (outcome.outcome === 'unknown')
      for (const why of outcome.because) {
        const key = `${outcome.policy} ${why}`
        const known = because.get(key) ?? { why, policy: outcome.policy, decisions: 0 }
        known.decisions++
        because.set(key, known)
      }
    else if (outcome.outcome === 'different' && problems.length < mostProblems) {
      const { policy, what, recorded, replayed } = outcome
      const made = problem('W4035', { start: 0, end: 0 }, { entry, policy, what, recorded, replayed })
      problems.push({ ...made, file: null, from: entry, to: entry })
    }
  }
  const sorted = [...because.values()].sort((a, b) => b.decisions - a.decisions || (a.why < b.why ? -1 : 1))
  return { ...counts, because: sorted, problems }
}

function* entriesOf(folder: LogFolder, size: number, other: () => void): Generator<ReplayEntry> {
  for (let index = 0; index * tileWidth < size; index++) {
    const openings = openingsOf(folder, index)
    for (const [place, bytes] of (folder.entries(index, size) ?? []).entries()) {
      const entry = index * tileWidth + place
      const record = parseRecord(bytes)
      if (record === undefined) other()
      else yield { entry, record, openings: openings.get(entry) ?? new Map() }
    }
  }
}

function openingsOf(folder: LogFolder, index: number): Map<number, Map<string, Json>> {
  const found = new Map<number, Map<string, Json>>()
  for (const line of folder.read(openingsPath(index))?.toString('utf8').split('\n') ?? []) {
    const opening = line === '' ? undefined : parseOpening(line)
    if (opening === undefined) continue
    const known = found.get(opening.entry) ?? new Map<string, Json>()
    known.set(opening.path, opening.value)
    found.set(opening.entry, known)
  }
  return found
}

const programSchema = z.object({
  files: z.array(z.object({ path: z.string(), text: z.string() })),
  baselines: z.array(recordedBaseline).optional(),
})

/** The checked program whose text the log kept. */
export function readProgram(folder: LogFolder, digest: string): ReplayProgram {
  const text = folder.read(programPath(digest))?.toString('utf8')
  if (text === undefined) return { why: 'the text of the policies is not in the log' }
  const plan = planOf(text)
  return plan === null ? { why: 'the policies do not check with this version of Writ' } : { plan }
}

function planOf(text: string): Plan | null {
  try {
    const read = programSchema.safeParse(JSON.parse(text))
    if (!read.success) return null
    const named = (read.data.baselines ?? []).flatMap(recorded => baselineOf(recorded) ?? [])
    const baselines = new Map(named.map(baseline => [baseline.name, baseline]))
    // What comes with the language stands in the text too, and is added again.
    const own = read.data.files.filter(({ path }) => path !== languagePath)
    const files = own.map(file => parse(file.path, file.text))
    return check(files, undefined, { baselines }).plan
  } catch {
    return null // no JSON
  }
}
