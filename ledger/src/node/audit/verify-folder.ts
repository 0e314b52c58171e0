/**
 * Verifies the folder of a log and says what is known of which entries. Top down from the signed checkpoint and bottom up from the
 * entries: where both meet everything is anchored; where they do not, the tiles tell which entries were touched. What single
 * files must hold is file-checks.ts; the words of findings are the catalogue's.
 */
import { resolve } from 'node:path'
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import { type EntryRange, entriesText, RangeMap } from '../../audit/ranges.ts'
import { type Checkpoint, parseCheckpoint } from '../../tlog/checkpoint.ts'
import { Frontier, rootOf, type Sha256, sameBytes } from '../../tlog/merkle.ts'
import { openNote } from '../../tlog/signed-note.ts'
import { tileWidth } from '../../tlog/tiles.ts'
import { quorumMet, type TrustPolicy } from '../../tlog/trust-policy.ts'
import { checkErasures } from './erasure-checks.ts'
import { type CheckedGroup, checkGroup, checkOtherFiles, checkUpperTiles } from './file-checks.ts'
import { readJournal, readSnapshot } from './journal.ts'
import { filesOnDisk, type LogFiles } from './log-files.ts'
import { LogFolder } from './log-folder.ts'
import { RecordChecks } from './record-checks.ts'
import { usualTools, type VerifyTools } from './verify-tools.ts'

export interface LogVerdict {
  /** The checkpoint that anchors; null where none is trusted. */
  readonly checkpoint: {
    readonly origin: string
    readonly size: number
    readonly root: string
    readonly signedBy: readonly { readonly name: string; readonly time: string | null }[]
  } | null
  /** Without gaps from 0; empty for a log without entries. */
  readonly ranges: readonly EntryRange[]
  readonly problems: readonly LedgerFinding[]
  /** Openings that fit, and commitments they could have been for. */
  readonly openings: { readonly withheld: number; readonly opened: number }
  /** Openings that signed notes say were destroyed. */
  readonly erased: { readonly notes: number; readonly openings: number }
}

/** A problem with the part of the log it is about. */
export interface LedgerFinding extends Problem {
  /** Relative to the folder. */
  readonly file: string | null
  /** Entries it concerns, both inclusive; null: none in particular. */
  readonly from: number | null
  readonly to: number | null
}

export interface VerifyOptions {
  readonly policy: TrustPolicy
  /** What the policy is called in messages. */
  readonly policyName: string
  /** A checkpoint that was signed earlier, as a note. */
  readonly since?: string
  readonly tools?: VerifyTools
}

/** Throws the system's errors. */
export function verifyFolder(path: string, options: VerifyOptions): LogVerdict {
  return verifyFiles(filesOnDisk(resolve(path)), options)
}

/** As `verifyFolder`, of a log that is no folder. */
export function verifyFiles(files: LogFiles, options: VerifyOptions): LogVerdict {
  return new Verification(files, options).verdict()
}

class Verification {
  readonly #files: LogFiles
  readonly #folder: LogFolder
  readonly #options: VerifyOptions
  readonly #tools: VerifyTools
  readonly #ranges = new RangeMap()
  readonly #problems: LedgerFinding[] = []

  constructor(files: LogFiles, options: VerifyOptions) {
    this.#files = files
    this.#folder = new LogFolder(files)
    this.#options = options
    this.#tools = options.tools ?? usualTools
  }

  verdict(): LogVerdict {
    const trusted = this.#checkpoint('checkpoint', true)
    const size = Number(trusted?.checkpoint.size ?? this.#entriesOnDisk())
    const records = new RecordChecks(this.#folder, this.#report)
    const groups = this.#groups(size)
    for (const group of groups) if (group.records !== null) records.add(group.records)
    this.#ranges.mark(0, size - 1, trusted === undefined ? 'unanchored' : 'anchored')
    const sound = trusted === undefined ? null : this.#compare(groups, trusted.checkpoint)
    if (sound === null) this.#mismatches(groups)
    this.#missing(groups)
    if (sound !== null) checkUpperTiles(this.#folder, size, sound, this.#report, this.#tools)
    checkOtherFiles(this.#folder, size, groups, this.#report)
    records.finish()
    const erased = checkErasures(this.#files, size, this.#options.policy.logs, this.#tools, this.#report)
    if (trusted !== undefined) this.#witnessed(trusted)
    this.#suffix(size)
    if (this.#options.since !== undefined) this.#since(this.#options.since, size, groups)
    return {
      checkpoint: trusted === undefined ? null : told(trusted),
      ranges: this.#ranges.ranges,
      problems: this.#problems.toSorted((a, b) => (a.from ?? -1) - (b.from ?? -1)),
      openings: records.openings,
      erased,
    }
  }

  readonly #report = (
    code: ProblemCode,
    place: { readonly file?: string; readonly from?: number; readonly to?: number },
    words: Readonly<Record<string, string | number>> = {},
  ): void => {
    const { file = null, from = null, to = null } = place
    const entries = from === null ? 'no entry' : entriesText(from, to ?? from)
    const made = problem(code, { start: 0, end: 0 }, { file: file ?? '', entries, ...words })
    this.#problems.push({ ...made, file, from, to })
    if (code === 'W4021' && from !== null) this.#ranges.mark(from, to ?? from, 'contradictory')
    if (code === 'W4022' && from !== null) this.#ranges.mark(from, to ?? from, 'unverifiable')
  }

  /** The checkpoint in a file, where a trusted key signed it. */
  #checkpoint(file: string, needed: boolean): Trusted | undefined {
    const note = this.#folder.read(file)
    if (note === undefined) {
      if (needed) this.#report('W4020', { file }, { why: 'there is no file of that name' })
      return undefined
    }
    const opened = this.#open(note.toString('utf8'))
    // A note is bytes: what is no UTF-8 was changed, even where the replacement reads the same.
    const whole = Buffer.from(note.toString('utf8')).equals(note)
    if (typeof opened !== 'string' && whole) return opened
    this.#report('W4020', { file }, { why: typeof opened === 'string' ? opened : 'it is not UTF-8' })
    return undefined
  }

  #open(note: string): Trusted | string {
    const { policy } = this.#options
    const opened = openNote(this.#tools.signatures, note, [...policy.logs, ...policy.witnesses])
    if (!opened.ok) return opened.why
    const checkpoint = parseCheckpoint(opened.text)
    if (checkpoint === undefined) return 'the signed note is no checkpoint'
    const byLog = opened.signedBy.some(({ key }) => key.kind === 'signature' && key.name === checkpoint.origin)
    if (!byLog) return `no trusted log named ${checkpoint.origin} signed it`
    if (checkpoint.size > BigInt(Number.MAX_SAFE_INTEGER)) return `it speaks of ${checkpoint.size} entries`
    return { checkpoint, signedBy: opened.signedBy }
  }

  #groups(size: number): readonly CheckedGroup[] {
    const groups: CheckedGroup[] = []
    for (let index = 0; index * tileWidth < size; index++) {
      const width = Math.min(tileWidth, size - index * tileWidth)
      const check = (): CheckedGroup => checkGroup(this.#folder, index, width, size, true, this.#tools)
      groups.push(this.#tools.group(index, check))
    }
    return groups
  }

  /** The leaf hashes (or roots of full groups) that lead to the checkpoint's root; null where none do. */
  #compare(groups: readonly CheckedGroup[], checkpoint: Checkpoint): readonly Uint8Array[] | null {
    const size = Number(checkpoint.size)
    const leads = (pick: (group: CheckedGroup) => readonly Uint8Array[] | Uint8Array | null): boolean => {
      const root = rootOfGroups(this.#tools.sha256, groups, pick)
      return root !== null && sameBytes(root, checkpoint.root)
    }
    const bundles = (group: CheckedGroup) => (group.isFull ? group.bundleRoot : group.bundleLeaves)
    const tiles = (group: CheckedGroup) => (group.isFull ? group.tileRoot : group.tileLeaves)
    const above = (group: CheckedGroup) => (group.isFull ? (group.aboveRoot ?? group.tileRoot) : group.tileLeaves)
    const aboveAndBundles = (group: CheckedGroup) => (group.isFull ? group.aboveRoot : group.bundleLeaves)
    const most = (group: CheckedGroup) => majority(group, bundles(group), tiles(group))
    const mostAndBundles = (group: CheckedGroup) => (group.isFull ? most(group) : group.bundleLeaves)
    const candidates = [bundles, tiles, above, aboveAndBundles, most, mostAndBundles]
    const found = candidates.find(leads)
    if (found === undefined) {
      this.#report(
        'W4021',
        { file: 'tile', from: 0, to: size - 1 },
        { why: 'do not lead to the root of the checkpoint' },
      )
      return null
    }
    for (const group of groups) this.#judge(group, found(group))
    return groups.flatMap(group => {
      const truth = found(group)
      return truth === null ? [] : truth instanceof Uint8Array ? [truth] : [...truth]
    })
  }

  /** `truth`: the group's root, or the leaves of the last one, as the checkpoint has them. */
  #judge(group: CheckedGroup, truth: readonly Uint8Array[] | Uint8Array | null): void {
    if (truth === null) return
    const leaves = truth instanceof Uint8Array ? null : truth
    const isTrue = (root: Uint8Array | null, own: readonly Uint8Array[] | null): boolean | null =>
      leaves === null
        ? root === null
          ? null
          : sameBytes(root, truth as Uint8Array)
        : own === null
          ? null
          : sameLeaves(own, leaves)
    const tileTrue = isTrue(group.tileRoot, group.tileLeaves)
    const bundleTrue = isTrue(group.bundleRoot, group.bundleLeaves)
    const range = { from: group.first, to: group.first + group.width - 1 }
    if (tileTrue === false)
      this.#report('W4023', { file: group.tilePath, ...range }, { why: 'does not fit the checkpoint' })
    if (bundleTrue !== false) return
    const right = leaves ?? (tileTrue === true ? group.tileLeaves : null)
    for (const part of differences(group.bundleLeaves, right, group)) {
      this.#report('W4021', { file: group.bundlePath, ...part }, { why: 'do not fit the checkpoint' })
    }
  }

  /** Without a root to hold them against, entries and tiles are held against each other. */
  #mismatches(groups: readonly CheckedGroup[]): void {
    for (const group of groups) {
      const { bundleLeaves, tileLeaves } = group
      if (bundleLeaves === null || tileLeaves === null || sameLeaves(bundleLeaves, tileLeaves)) continue
      for (const part of differences(bundleLeaves, tileLeaves, group))
        this.#report('W4021', { file: group.bundlePath, ...part }, { why: `do not fit ${group.tilePath}` })
    }
  }

  #missing(groups: readonly CheckedGroup[]): void {
    for (const group of groups) {
      const range = { from: group.first, to: group.first + group.width - 1 }
      if (group.tileFault !== null) this.#report('W4023', { file: group.tilePath, ...range }, { why: group.tileFault })
      if (group.bundleFault === 'missing') this.#report('W4022', { file: group.bundlePath, ...range })
      else if (group.bundleFault !== null)
        this.#report('W4021', { file: group.bundlePath, ...range }, { why: `cannot be read: ${group.bundleFault}` })
    }
  }

  /** Where the policy asks for witnesses, only what they have seen is anchored. */
  #witnessed(trusted: Trusted): void {
    const { policy, policyName } = this.#options
    if (quorumMet(policy.quorum, trusted.signedBy)) return
    const size = Number(trusted.checkpoint.size)
    const seen = this.#checkpoint('witnessed', false)
    const reaches = seen !== undefined && quorumMet(policy.quorum, seen.signedBy) ? Number(seen.checkpoint.size) : 0
    if (reaches < size) {
      this.#ranges.mark(reaches, size - 1, 'unanchored')
      this.#report('W4029', { file: 'checkpoint', from: reaches, to: size - 1 }, { policy: policyName })
    }
    if (seen !== undefined) this.#earlier('witnessed', seen.checkpoint, size)
  }

  /** Entries that were written and are under no checkpoint yet. */
  #suffix(size: number): void {
    if (!this.#folder.files('journal').some(file => file.endsWith('.journal'))) return
    const snapshot = readSnapshot(this.#files)
    if (snapshot === 'damaged') {
      this.#report('W4034', { file: 'journal/snapshot' }, { why: 'it does not fit its hash', entries: 'Entries' })
      return
    }
    const { frames, damage } = readJournal(this.#files, snapshot?.meta.segment ?? 0)
    const end = frames.reduce((last, { meta }) => Math.max(last, meta.entry + meta.count), size)
    this.#ranges.mark(size, end - 1, 'unanchored')
    if (damage === null) return
    this.#report('W4034', { file: damage.file }, { why: damage.why, entries: `Entries from ${end} on` })
  }

  #since(note: string, size: number, _groups: readonly CheckedGroup[]): void {
    const opened = this.#open(note)
    if (typeof opened === 'string') this.#report('W4031', {}, { where: 'the earlier checkpoint', why: opened })
    else this.#earlier('since', opened.checkpoint, size)
  }

  /** Holds the log against a checkpoint that was signed earlier. */
  #earlier(_file: string, earlier: Checkpoint, size: number): void {
    const before = Number(earlier.size)
    if (before > size) {
      this.#report('W4024', { from: size, to: before - 1 }, { now: size, before })
      this.#ranges.mark(size, before - 1, 'unverifiable')
      return
    }
    const root = this.#rootOfFirst(before)
    if (root === null || sameBytes(root, earlier.root)) return
    this.#report('W4025', { from: 0, to: before - 1 }, { before })
    this.#ranges.mark(0, before - 1, 'contradictory')
  }

  /** From the entries themselves; null where some are missing (which is told elsewhere). */
  #rootOfFirst(count: number): Uint8Array | null {
    const groups: CheckedGroup[] = []
    for (let index = 0; index * tileWidth < count; index++) {
      const width = Math.min(tileWidth, count - index * tileWidth)
      groups.push(checkGroup(this.#folder, index, width, count, false, this.#tools))
    }
    return rootOfGroups(this.#tools.sha256, groups, group => (group.isFull ? group.bundleRoot : group.bundleLeaves))
  }

  /** Where no checkpoint says so: how many entries the bundles hold. */
  #entriesOnDisk(): number {
    for (let index = 0; ; index++) {
      const full = this.#folder.bundle(index, tileWidth)
      if (full !== undefined) continue
      for (let width = tileWidth - 1; width > 0; width--)
        if (this.#folder.bundle(index, width) !== undefined) return index * tileWidth + width
      return index * tileWidth
    }
  }
}

interface Trusted {
  readonly checkpoint: Checkpoint
  readonly signedBy: Extract<ReturnType<typeof openNote>, { ok: true }>['signedBy']
}

function told({ checkpoint, signedBy }: Trusted): LogVerdict['checkpoint'] {
  return {
    origin: checkpoint.origin,
    size: Number(checkpoint.size),
    root: Buffer.from(checkpoint.root).toString('base64'),
    signedBy: signedBy.map(({ key, time }) => ({
      name: key.name,
      time: time === null ? null : new Date(Number(time) * 1000).toISOString(),
    })),
  }
}

function rootOfGroups(
  sha256: Sha256,
  groups: readonly CheckedGroup[],
  pick: (group: CheckedGroup) => readonly Uint8Array[] | Uint8Array | null,
): Uint8Array | null {
  const above = new Frontier(sha256)
  for (const group of groups) {
    const picked = pick(group)
    if (picked === null) return null
    if (picked instanceof Uint8Array) {
      above.append(picked)
      continue
    }
    const frontier = new Frontier(sha256, above.size * tileWidth, above.peaks)
    for (const leaf of picked) frontier.append(leaf)
    return frontier.root()
  }
  return groups.length === 0 ? rootOf(sha256, []) : above.root()
}

/** What two of the three say of a group. */
function majority(
  group: CheckedGroup,
  bundle: readonly Uint8Array[] | Uint8Array | null,
  tile: readonly Uint8Array[] | Uint8Array | null,
): readonly Uint8Array[] | Uint8Array | null {
  if (!group.isFull) return tile ?? bundle
  const known = [group.bundleRoot, group.tileRoot, group.aboveRoot].flatMap(root => root ?? [])
  return known.find(root => known.filter(other => sameBytes(root, other)).length > 1) ?? known[0] ?? null
}

function sameLeaves(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((leaf, place) => sameBytes(leaf, b[place] ?? new Uint8Array()))
}

/** Runs of entries whose hash is not the right one; the whole group where the right ones are not known. */
function differences(
  own: readonly Uint8Array[] | null,
  right: readonly Uint8Array[] | null,
  group: CheckedGroup,
): readonly { readonly from: number; readonly to: number }[] {
  const whole = [{ from: group.first, to: group.first + group.width - 1 }]
  if (own === null || right === null) return whole
  const runs: { from: number; to: number }[] = []
  for (let place = 0; place < group.width; place++) {
    const [mine, other] = [own[place], right[place]]
    if (mine !== undefined && other !== undefined && sameBytes(mine, other)) continue
    const entry = group.first + place
    const last = runs.at(-1)
    if (last !== undefined && last.to === entry - 1) last.to = entry
    else runs.push({ from: entry, to: entry })
  }
  return runs.length === 0 ? whole : runs
}
