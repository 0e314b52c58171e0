/**
 * Every word of the language with a meaning, once: the lexer, the highlighting and the completion are made from this table.
 * Names of built-in types and functions are here for highlighting; they are ordinary names to the parser.
 */

/** What a word is for; decides its colour and where completion offers it. */
export type KeywordGroup =
  | 'declaration'
  | 'clause'
  | 'effect'
  | 'step'
  | 'history'
  | 'control'
  | 'operator'
  | 'constant'
  | 'variable'

/** Words with a meaning in expressions: never names, except after a dot and before `:` or `=` in a record. */
export const reservedWords = {
  and: 'operator',
  or: 'operator',
  not: 'operator',
  in: 'operator',
  is: 'operator',
  present: 'operator',
  absent: 'operator',
  like: 'operator',
  matches: 'operator',
  contains: 'operator',
  starts_with: 'operator',
  ends_with: 'operator',
  if: 'control',
  // biome-ignore lint/suspicious/noThenProperty: a word of the language; nobody awaits this table.
  then: 'control',
  else: 'control',
  of: 'history',
  as: 'control',
  where: 'control',
  by: 'history',
  over: 'history',
  per: 'history',
  since: 'history',
  before: 'history',
  exists: 'history',
  no: 'history',
  any: 'control',
  all: 'control',
  true: 'constant',
  false: 'constant',
  when: 'clause',
  it: 'variable',
  now: 'variable',
} as const satisfies Readonly<Record<string, KeywordGroup>>

/** Words that begin something where the grammar expects it, and are names everywhere else. */
export const softWords = {
  module: 'declaration',
  use: 'declaration',
  type: 'declaration',
  contract: 'declaration',
  source: 'declaration',
  sample: 'declaration',
  role: 'declaration',
  table: 'declaration',
  define: 'declaration',
  policy: 'declaration',
  layers: 'declaration',
  rollout: 'declaration',
  exception: 'declaration',
  indicator: 'declaration',
  objective: 'declaration',
  sink: 'declaration',
  test: 'declaration',
  property: 'declaration',
  enum: 'clause',
  version: 'clause',
  owner: 'clause',
  compatibility: 'clause',
  transitive: 'clause',
  check: 'clause',
  reject: 'clause',
  quality: 'clause',
  freshness: 'clause',
  retention: 'clause',
  format: 'clause',
  files: 'clause',
  time: 'clause',
  lateness: 'clause',
  map: 'clause',
  members: 'clause',
  delegate: 'clause',
  to: 'clause',
  from: 'clause',
  on: 'clause',
  combine: 'clause',
  default: 'clause',
  because: 'clause',
  let: 'clause',
  rule: 'clause',
  layer: 'clause',
  mode: 'clause',
  after: 'clause',
  within: 'clause',
  unless: 'clause',
  for: 'clause',
  accepts: 'clause',
  against: 'history',
  this: 'history',
  decisions: 'history',
  outcomes: 'history',
  hour: 'history',
  day: 'history',
  week: 'history',
  month: 'history',
  permit: 'effect',
  warn: 'effect',
  hold: 'effect',
  deny: 'effect',
  require: 'effect',
  approval: 'effect',
  given: 'step',
  at: 'step',
  expect: 'step',
  approve: 'step',
  problem: 'step',
  fulfilled: 'step',
  breached: 'step',
  pending: 'step',
  cancelled: 'step',
  shadow: 'clause',
  canary: 'clause',
  promote: 'clause',
  rollback: 'clause',
  replaces: 'clause',
  granted: 'clause',
  until: 'clause',
  target: 'clause',
  budget: 'clause',
  never: 'clause',
  always: 'clause',
} as const satisfies Readonly<Record<string, KeywordGroup>>

export type ReservedWord = keyof typeof reservedWords
export type SoftWord = keyof typeof softWords
export type KeywordText = ReservedWord | SoftWord

/** The words that may begin a top-level declaration. */
export const declarationWords: readonly string[] = Object.entries(softWords)
  .filter(([, group]) => group === 'declaration')
  .map(([word]) => word)

/** The built-in types, as the reference lists them. */
export const builtInTypes: readonly string[] = [
  'Bool',
  'String',
  'Int',
  'Decimal',
  'Percent',
  'Money',
  'Duration',
  'Time',
  'Version',
  'List',
]

/** The functions that history forms are made of (`min` and `max` are ordinary functions too). */
export const aggregateFunctions = [
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'distinct',
  'share',
  'quantile',
  'last',
  'first',
  'drift',
] as const

/** The built-in functions of one event. */
export const builtInFunctions: readonly string[] = [
  'abs',
  'round',
  'floor',
  'ceil',
  'min',
  'max',
  'length',
  'lower',
  'upper',
  'trim',
  'size',
  'text',
  'amount',
  'currency',
  'hour_of_day',
  'day_of_week',
  'mask',
  'hash',
  'bucket',
  'money',
  'raw',
  'seconds',
  'milliseconds',
  'json',
  'find_all',
]
