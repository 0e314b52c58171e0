/**
 * The table of contract changes: each kind with its verdict when new readers meet old events (backward) and old readers new
 * events (forward), the version number that it asks for, why, and what to do. docs/contract-changes.md is made from it
 * (cli/write-schemas.ts) and a test holds the comparison against it. How changes are found is compare.ts.
 */

/** `conditional`: compatible where somebody made sure of what `reason` says. `unclassified`: not decided; for readers as if it broke. */
export type Verdict = 'compatible' | 'breaking' | 'conditional' | 'unclassified'
/** The part of the version number that has to be raised at least; `patch` is advice. */
export type Bump = 'major' | 'minor' | 'patch'

export interface ChangeKind {
  readonly group: 'fields' | 'types' | 'enums' | 'constraints' | 'terms' | 'privacy' | 'contracts'
  readonly title: string
  readonly backward: Verdict
  readonly forward: Verdict
  readonly bump: Bump
  /** Structurally fine or not, decisions may become others: look at a log (`--events`). */
  readonly decisions: boolean
  /** Somebody who answers for privacy has to agree. */
  readonly privacy: boolean
  readonly reason: string
  readonly advice: string
}

/** The two words are backward and forward. */
const verdicts = {
  'ok ok': ['compatible', 'compatible'],
  'ok no': ['compatible', 'breaking'],
  'no ok': ['breaking', 'compatible'],
  'no no': ['breaking', 'breaking'],
  'ok if': ['compatible', 'conditional'],
  'no if': ['breaking', 'conditional'],
  '?? ??': ['unclassified', 'unclassified'],
} as const satisfies Readonly<Record<string, readonly [Verdict, Verdict]>>

/** `D`: may change decisions; `P`: concerns privacy. */
function kind(
  group: ChangeKind['group'],
  both: keyof typeof verdicts,
  bump: Bump,
  flags: '' | 'D' | 'P' | 'DP',
  title: string,
  reason: string,
  advice: string,
): ChangeKind {
  const [backward, forward] = verdicts[both]
  return {
    group,
    title,
    backward,
    forward,
    bump,
    decisions: flags.includes('D'),
    privacy: flags.includes('P'),
    reason,
    advice,
  }
}

/** By id. A letter and two digits are an entry of the catalogue of changes; a word behind a point, one of its directions. */
export const changeKinds = {
  F01: kind(
    'fields',
    'ok ok',
    'minor',
    '',
    'Optional field added',
    'old events lack it and read as absent; old readers do not know it and pass over it',
    'Raise the minor number.',
  ),
  F04: kind(
    'fields',
    'no ok',
    'major',
    '',
    'Required field added',
    'old events lack it, so that it is unknown in them',
    'Make it optional, or publish a new major version.',
  ),
  F06: kind(
    'fields',
    'ok if',
    'major',
    'D',
    'Optional field removed',
    'old readers see it as absent from now on, and nothing keeps the name from being used for something else',
    'Make sure that no policy reads it, and never use the name again.',
  ),
  F07: kind(
    'fields',
    'ok no',
    'major',
    'D',
    'Required field removed',
    'old readers need it, and it is unknown in new events',
    'Make it optional first, and take it out when nobody reads it any more.',
  ),
  F11: kind(
    'fields',
    'no no',
    'major',
    'D',
    'Field renamed',
    'each side looks for its own name and does not find it in the events of the other',
    'Keep the old name and map the new one onto it in the source, or add the new field beside the old one.',
  ),
  F13: kind(
    'fields',
    'ok ok',
    'patch',
    '',
    'Fields in another order',
    'fields are found by their names',
    'Nothing has to be done.',
  ),
  F15: kind(
    'fields',
    'no no',
    'major',
    'D',
    'Field moved into or out of a record',
    'each side looks at its own path and does not find it in the events of the other',
    'Keep the old path and map the new one onto it in the source.',
  ),
  F17: kind(
    'fields',
    'no ok',
    'major',
    '',
    'Optional field made required',
    'old events may lack it, so that it is unknown in them',
    'Leave it optional, or publish a new major version.',
  ),
  F18: kind(
    'fields',
    'ok no',
    'major',
    'D',
    'Required field made optional',
    'new events may lack it, and it is unknown to old readers then',
    'Let every reader guard it first (`is present`, `??`).',
  ),
  T01: kind(
    'types',
    'ok no',
    'minor',
    '',
    'Type widened without loss',
    'every old value is a value of the new type; new values may be none of the old',
    'Raise readers first.',
  ),
  T03: kind(
    'types',
    'no if',
    'major',
    '',
    'Type narrowed',
    'old values may be none of the new type; new ones are, but whoever writes them now rounds or converts what used to be exact',
    'Add a second field of the narrower type.',
  ),
  T06: kind(
    'types',
    'no no',
    'major',
    '',
    'Another type',
    'values of one type cannot be read as the other, and are unknown',
    'Add a second field of the new type, and take the old one out later.',
  ),
  T07: kind(
    'types',
    'no no',
    'major',
    '',
    'Single value made a list',
    'a single value cannot be read as a list, nor a list as a single value',
    'Add the list as a second field.',
  ),
  T08: kind(
    'types',
    'no no',
    'major',
    '',
    'List made a single value',
    'a list cannot be read as a single value, nor a single value as a list',
    'Add the single value as a second field.',
  ),
  T20: kind(
    'types',
    'no no',
    'major',
    'D',
    'Another currency',
    'amounts in the other currency are unknown, and every threshold on them means something else',
    'Add a second field in the new currency.',
  ),
  T21: kind(
    'types',
    'no no',
    'major',
    'D',
    'Number made a share of a hundred, or the reverse',
    'the same digits would read as another quantity',
    'Add a second field, and say in its documentation what its numbers mean.',
  ),
  T22: kind(
    'types',
    'ok ok',
    'patch',
    '',
    'Type of another name, same shape',
    'types are compared by what they are made of',
    'Nothing has to be done.',
  ),
  T25: kind(
    'types',
    'ok ok',
    'patch',
    '',
    'Type named, or written out in place',
    'types are compared by what they are made of',
    'Nothing has to be done.',
  ),
  E02: kind(
    'enums',
    'ok no',
    'major',
    'D',
    'Enum member added',
    'old readers do not know it, and the field is unknown to them where it stands',
    'Let every reader take the new version first; then no event is unknown to anybody.',
  ),
  E04: kind(
    'enums',
    'no ok',
    'major',
    'D',
    'Enum member removed',
    'old events may have it, and the field is unknown in them',
    'Leave it in and write it no more.',
  ),
  E05: kind(
    'enums',
    'no no',
    'major',
    'D',
    'Enum member renamed',
    'each side knows only its own name, and the field is unknown where the other stands',
    'Keep the old member and map the new name onto it in the source.',
  ),
  'E07.opened': kind(
    'enums',
    'ok no',
    'major',
    '',
    'Enum made a text',
    'old readers know only the members',
    'Raise readers first.',
  ),
  'E07.closed': kind(
    'enums',
    'no ok',
    'major',
    '',
    'Text made an enum',
    'old events may have a text that is no member',
    'Add the enum as a second field.',
  ),
  'C01.relaxed': kind(
    'constraints',
    'ok no',
    'minor',
    '',
    'Lower bound lowered or removed',
    'new values may be below what old readers allow',
    'Raise readers first.',
  ),
  'C01.tightened': kind(
    'constraints',
    'no ok',
    'major',
    '',
    'Lower bound raised or added',
    'old values may be below it, and are unknown then',
    'Check it with `check … else warn` first.',
  ),
  'C02.relaxed': kind(
    'constraints',
    'ok no',
    'minor',
    '',
    'Upper bound raised or removed',
    'new values may be above what old readers allow',
    'Raise readers first.',
  ),
  'C02.tightened': kind(
    'constraints',
    'no ok',
    'major',
    '',
    'Upper bound lowered or added',
    'old values may be above it, and are unknown then',
    'Check it with `check … else warn` first.',
  ),
  'C07.added': kind(
    'constraints',
    'no ok',
    'major',
    '',
    'Pattern added',
    'old values may not match it, and are unknown then',
    'Check it with `check … else warn` first.',
  ),
  'C07.removed': kind(
    'constraints',
    'ok no',
    'minor',
    '',
    'Pattern removed',
    'new values may not match what old readers allow',
    'Raise readers first.',
  ),
  'C07.changed': kind(
    'constraints',
    '?? ??',
    'major',
    '',
    'Another pattern',
    'which texts match both is not decided',
    'Look at a log with --events, and publish a new major version.',
  ),
  'C12.added': kind(
    'constraints',
    'no ok',
    'major',
    '',
    'Key added',
    'two old events may have the same key',
    'Make sure that old events are told apart by it.',
  ),
  'C12.removed': kind(
    'constraints',
    'ok no',
    'minor',
    'D',
    'Key removed',
    'old readers take two events with the same key for one',
    'Let whoever relies on the key know.',
  ),
  'C12.changed': kind(
    'constraints',
    'no no',
    'major',
    'D',
    'Key of other fields',
    'what one side takes for the same event is not the same for the other',
    'Publish a new major version.',
  ),
  'C14.added': kind(
    'constraints',
    'no ok',
    'major',
    'D',
    'Rejecting check added, or tightened',
    'old events that fail it are taken out of the log',
    'Add it as `check … else warn` first, and look at a log with --events.',
  ),
  'C14.removed': kind(
    'constraints',
    'ok no',
    'minor',
    'D',
    'Rejecting check removed, or relaxed',
    'new events may fail what old readers check, and are taken out there',
    'Raise readers first.',
  ),
  'C14.changed': kind(
    'constraints',
    '?? ??',
    'major',
    'D',
    'Rejecting check changed',
    'which events pass both is not decided',
    'Look at a log with --events, and publish a new major version.',
  ),
  'C15.warning-added': kind(
    'constraints',
    'ok ok',
    'minor',
    '',
    'Warning check added or changed',
    'it only reports',
    'Raise the minor number.',
  ),
  'C15.added': kind(
    'constraints',
    'no ok',
    'major',
    '',
    'Quality demand added',
    'old events were never held to it',
    'Make sure that the recorded events meet it.',
  ),
  'C15.removed': kind(
    'constraints',
    'ok no',
    'minor',
    '',
    'Quality demand or warning check removed',
    'old readers count on it',
    'Let readers know.',
  ),
  'C16.relaxed': kind(
    'constraints',
    'ok no',
    'minor',
    'D',
    'Rejecting check now only warns',
    'new events may fail what old readers check, and are taken out there',
    'Raise readers first.',
  ),
  'C16.tightened': kind(
    'constraints',
    'no ok',
    'major',
    'D',
    'Warning check now rejects',
    'old events that fail it are taken out of the log',
    'Look at a log with --events.',
  ),
  C17: kind(
    'constraints',
    '?? ??',
    'major',
    'D',
    'Quality demand changed',
    'which events meet both is not decided',
    'Look at a log, and publish a new major version.',
  ),
  S01: kind(
    'terms',
    'ok ok',
    'minor',
    '',
    'Freshness promised, or promised better',
    'readers get more than they were promised',
    'Make sure that whoever writes the events agrees.',
  ),
  S02: kind(
    'terms',
    'ok no',
    'major',
    '',
    'Freshness loosened or withdrawn',
    'old readers count on it',
    'Ask the readers first.',
  ),
  'S03.shortened': kind(
    'terms',
    'no no',
    'major',
    'D',
    'Retention shortened',
    'windows that reach further back find less than there was',
    'Shorten the windows of policies first.',
  ),
  'S03.lengthened': kind(
    'terms',
    'ok ok',
    'minor',
    'P',
    'Retention lengthened',
    'readers get more than they were promised; personal data is kept longer',
    'Ask whoever answers for privacy.',
  ),
  S05: kind(
    'terms',
    'no no',
    'major',
    'D',
    'Event time from another field',
    'events get other times, so that every window holds other events',
    'Publish a new major version, and look at a log with --events.',
  ),
  S07: kind(
    'terms',
    'ok ok',
    'patch',
    '',
    'Owner, documentation or message changed',
    'no reader depends on it',
    'Nothing has to be done.',
  ),
  'S13.weakened': kind(
    'terms',
    'ok ok',
    'major',
    '',
    'Compatibility promised less',
    'readers counted on the promise that is taken back',
    'Ask the readers first.',
  ),
  'S13.strengthened': kind(
    'terms',
    'ok ok',
    'minor',
    '',
    'Compatibility promised more',
    'the promise holds from this version on',
    'Raise the minor number.',
  ),
  S14: kind(
    'terms',
    'no no',
    'major',
    'D',
    'Requester is another field',
    'other people are kept from approving what they asked for',
    'Publish a new major version.',
  ),
  P01: kind(
    'privacy',
    'ok ok',
    'minor',
    'P',
    'Privacy class added',
    'values flow as before, but sinks that do not accept the class refuse them',
    'Run `writ check` over every workspace that reads it.',
  ),
  P02: kind(
    'privacy',
    'ok ok',
    'major',
    'P',
    'Privacy class removed',
    'what was protected may now reach any sink',
    'Somebody who answers for privacy has to say why.',
  ),
  S11: kind(
    'contracts',
    'no no',
    'major',
    'D',
    'Contract removed or renamed',
    'readers of the old name get no events',
    'Keep it until nobody reads it.',
  ),
  'S11.moved': kind(
    'contracts',
    'ok ok',
    'minor',
    '',
    'Contract moved to another module',
    'its events are the same, but whoever uses it has to name the new module',
    'Mend the `use` of its readers.',
  ),
  I02: kind('contracts', 'ok ok', 'minor', '', 'Contract added', 'nobody reads it yet', 'Nothing has to be done.'),
} as const satisfies Readonly<Record<string, ChangeKind>>

export type ChangeId = keyof typeof changeKinds

/** The kinds by id, for those who look an id up. */
export function changeKind(id: ChangeId): ChangeKind {
  return changeKinds[id]
}

/** What other formats tell apart and contracts of Writ cannot express, and what is judged elsewhere; with the reason. */
export const otherKinds: readonly { readonly ids: string; readonly why: string }[] = [
  { ids: 'F02 F03 F16 F21 F22 F23', why: 'fields have no default values: rules say `??` where they read' },
  { ids: 'F05 F08 F09 E03', why: 'no tombstones; removing is F06, F07 and E04' },
  { ids: 'F10', why: 'no aliases in contracts: sources map names, and a rename is F11' },
  { ids: 'F12 S09', why: 'names, format and place of the raw records are those of a `source`' },
  { ids: 'F14', why: 'fields have no numbers' },
  { ids: 'F19 F20', why: 'null and missing are the same: F17 and F18' },
  { ids: 'F24 S08', why: 'nothing is marked as deprecated' },
  {
    ids: 'F25 F26 F27 F28 F29',
    why: 'records are open: members that the contract does not name are ignored; dependencies are checks (C14)',
  },
  { ids: 'T02 T04 T12 T13', why: 'numbers are exact at any size, so that nothing is lossy, signed or scaled' },
  { ids: 'T05 T09 T10 T17 T26', why: 'no bytes, maps or vectors' },
  { ids: 'T11', why: 'changes of elements are reported with their own kind and the path `field[]`' },
  { ids: 'T14 T15 T16', why: 'one type Time, in milliseconds, always with its zone' },
  { ids: 'T18 T19', why: 'formats are patterns (C07)' },
  { ids: 'T23 T24', why: 'types are compared where contracts use them' },
  { ids: 'E01 E08', why: 'enums have no fallback: a new member is E02' },
  { ids: 'E06', why: 'members of enums have no order' },
  { ids: 'E09 E10 E11 E12 E13 E14', why: 'no unions' },
  { ids: 'C03 C04 C05 C06 C08 C09 C10 C11', why: 'bounds are inclusive; lengths, steps and sizes are checks (C14)' },
  { ids: 'C13', why: 'no references between contracts' },
  { ids: 'S04', why: 'lateness is declared by sources' },
  { ids: 'S06', why: 'the `key` is it: C12' },
  { ids: 'S10', why: 'who may read is decided where events are kept' },
  { ids: 'S12', why: 'the version number itself: W0651 of `writ check`' },
  {
    ids: 'P03 P04 P05 P06 P07 P08 P09 P10 P11',
    why: 'of sinks and policies: `writ check` follows every flow anew (W1301, W1302)',
  },
  {
    ids: 'R01 R02 R03 R04 R05 R06 R07 R08 R09 R10 R11 R12 R13 R14 R15',
    why: 'of policies: W0654 of `writ check`, and decisions compared on a log',
  },
  { ids: 'I01 I03 I04', why: 'events are the only interface: S11 and groups F to C' },
]

/** What a contract promises its readers; `transitive`: against all earlier versions, not only the last. */
export interface Mode {
  readonly word: 'backward' | 'forward' | 'full' | 'none'
  readonly transitive: boolean
}

/** The verdict of a change under a mode; `none` allows everything. */
export function verdictUnder(word: Mode['word'], id: ChangeId): Verdict {
  const { backward, forward } = changeKind(id)
  switch (word) {
    case 'backward':
      return backward
    case 'forward':
      return forward
    case 'full':
      return worse(backward, forward)
    case 'none':
      return 'compatible'
  }
}

const order: readonly Verdict[] = ['compatible', 'conditional', 'unclassified', 'breaking']

/** The worse of two verdicts. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return order.indexOf(a) > order.indexOf(b) ? a : b
}
