/**
 * The TextMate grammar, made from the keyword table: what editors colour before (or without) the language server.
 * `scripts/textmate.mjs` writes it to grammar/writ.tmLanguage.json; a test holds the file to what this makes.
 */
import {
  aggregateFunctions,
  builtInFunctions,
  builtInTypes,
  declarationWords,
  type KeywordGroup,
  reservedWords,
  softWords,
} from './keywords.ts'

/** A rule of a TextMate grammar, as far as ours goes. */
export interface TextMateRule {
  readonly name?: string
  readonly match?: string
  readonly begin?: string
  readonly end?: string
  readonly include?: string
  readonly contentName?: string
  readonly captures?: Readonly<Record<string, { readonly name: string }>>
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>
  readonly endCaptures?: Readonly<Record<string, { readonly name: string }>>
  readonly patterns?: readonly TextMateRule[]
}

export interface TextMateGrammar {
  readonly name: string
  readonly scopeName: 'source.writ'
  readonly fileTypes: readonly string[]
  readonly patterns: readonly TextMateRule[]
  readonly repository: Readonly<Record<string, TextMateRule>>
}

/** The grammar, ready for JSON.stringify. */
export function textMateGrammar(): TextMateGrammar {
  return {
    name: 'Writ',
    scopeName: 'source.writ',
    fileTypes: ['writ'],
    patterns: include('comments', 'declarations', 'clauses', 'expression'),
    repository: {
      comments: { patterns: comments },
      declarations: { patterns: declarations },
      clauses: { patterns: clauses },
      expression: {
        patterns: include('comments', 'texts', 'values', 'members', 'words', 'functions', 'types', 'operators'),
      },
      texts: { patterns: texts },
      values: { patterns: values },
      members: { patterns: members },
      words: { patterns: wordRules() },
      functions: { patterns: functions },
      types: { patterns: types },
      operators: { patterns: operators },
    },
  }
}

/** The scope of each group of words; themes know these names. */
const scopes: Readonly<Record<KeywordGroup, string>> = {
  declaration: 'keyword.other.declaration.writ',
  clause: 'keyword.other.clause.writ',
  effect: 'keyword.control.effect.writ',
  step: 'keyword.control.step.writ',
  history: 'keyword.other.history.writ',
  control: 'keyword.control.writ',
  operator: 'keyword.operator.word.writ',
  constant: 'constant.language.writ',
  variable: 'variable.language.writ',
}

const name = '[A-Za-z_][A-Za-z0-9_]*'

const comments: readonly TextMateRule[] = [
  { name: 'comment.line.documentation.writ', match: '///(?!/).*$' },
  { name: 'comment.line.double-slash.writ', match: '//.*$' },
  { name: 'comment.block.writ', begin: '/\\*', end: '\\*/' },
]

const declarations: readonly TextMateRule[] = [
  {
    match: `^\\s*(module|use)\\s+(${name}(?:\\.${name})*)`,
    captures: { 1: { name: scopes.declaration }, 2: { name: 'entity.name.namespace.writ' } },
  },
  {
    match: `^\\s*(${declarationWords.filter(word => word !== 'module' && word !== 'use' && word !== 'test').join('|')})\\s+(${name})`,
    captures: { 1: { name: scopes.declaration }, 2: { name: 'entity.name.type.writ' } },
  },
  { match: '^\\s*(test)(?=\\s+")', captures: { 1: { name: scopes.declaration } } },
]

/** Soft keywords are words of the language only where a clause begins: at the start of a line or of a body. */
const clauses: readonly TextMateRule[] = [
  {
    match: `(?:^|(?<=\\{))\\s*(rule|let)\\s+(${name})`,
    captures: { 1: { name: scopes.clause }, 2: { name: 'entity.name.function.writ' } },
  },
  ...(['clause', 'effect', 'step'] as const).map(group => ({
    match: `(?:^|(?<=\\{))\\s*(${softWordsOf(group).join('|')})\\b(?!\\s*[:=.(])`,
    captures: { 1: { name: scopes[group] } },
  })),
  { name: 'variable.other.field.writ', match: `(?:^\\s*)${name}(?=\\s*:)` },
]

const texts: readonly TextMateRule[] = [
  {
    name: 'string.quoted.double.writ',
    begin: '"',
    end: '"|$',
    patterns: [
      { name: 'constant.character.escape.writ', match: '\\\\(?:["\\\\ntr]|u\\{[0-9A-Fa-f]{1,6}\\})|\\{\\{|\\}\\}' },
      { name: 'invalid.illegal.escape.writ', match: '\\\\.' },
      {
        name: 'meta.interpolation.writ',
        match: `(\\{)(${name}(?:\\.${name})*)(\\})`,
        captures: {
          1: { name: 'punctuation.section.interpolation.begin.writ' },
          2: { name: 'variable.other.writ' },
          3: { name: 'punctuation.section.interpolation.end.writ' },
        },
      },
    ],
  },
]

const values: readonly TextMateRule[] = [
  {
    name: 'constant.other.time.writ',
    match: '\\b\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:\\d{2})?)?\\b',
  },
  { name: 'constant.other.time.writ', match: '\\b\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?\\b' },
  { name: 'constant.numeric.version.writ', match: '\\b\\d+\\.\\d+\\.\\d+\\b' },
  { name: 'constant.numeric.percent.writ', match: '\\b\\d[\\d_]*(?:\\.\\d[\\d_]*)?%' },
  {
    match: '\\b(\\d[\\d_]*(?:\\.\\d[\\d_]*)?)[ \\t]+([A-Z]{3})\\b',
    captures: { 1: { name: 'constant.numeric.money.writ' }, 2: { name: 'keyword.other.unit.currency.writ' } },
  },
  { name: 'constant.numeric.duration.writ', match: '\\b(?:\\d[\\d_]*(?:ms|[smhdw]))+\\b' },
  { name: 'constant.numeric.writ', match: '\\b\\d[\\d_]*(?:\\.\\d[\\d_]*)?\\b' },
]

/** After a dot every word is a name. */
const members: readonly TextMateRule[] = [
  {
    match: `(?<!\\.)(\\.)(${name})`,
    captures: { 1: { name: 'punctuation.accessor.writ' }, 2: { name: 'variable.other.property.writ' } },
  },
  { name: 'variable.other.property.writ', match: `\\b${name}(?=\\s*:(?!:))` },
]

function wordRules(): readonly TextMateRule[] {
  const groups = [...new Set<KeywordGroup>(Object.values(reservedWords))]
  return [
    ...groups.map(group => ({ name: scopes[group], match: anyOf(reservedWordsOf(group)) })),
    // Words that join clauses together and are hardly ever names.
    { name: scopes.clause, match: anyOf(['version', 'because', 'within', 'unless', 'reject', 'from', 'after', 'for']) },
    { name: scopes.effect, match: anyOf(softWordsOf('effect')) },
    { name: scopes.history, match: anyOf(softWordsOf('history')) },
  ]
}

const functions: readonly TextMateRule[] = [
  { name: 'support.function.aggregate.writ', match: `\\b(?:${aggregateFunctions.join('|')})\\b(?=\\s*(?:\\(|of\\b))` },
  { name: 'support.function.writ', match: `\\b(?:${builtInFunctions.join('|')})\\b(?=\\s*\\()` },
  { name: 'entity.name.function.writ', match: `\\b${name}(?=\\()` },
]

const types: readonly TextMateRule[] = [
  { name: 'support.type.writ', match: anyOf(builtInTypes) },
  { name: 'entity.name.type.writ', match: '\\b[A-Z][A-Za-z0-9_]*\\b' },
]

const operators: readonly TextMateRule[] = [
  { name: 'keyword.operator.comparison.writ', match: '==|!=|<=|>=|<|>' },
  { name: 'keyword.operator.writ', match: '\\?\\?|\\.\\.|[-+*/=?]' },
  { name: 'punctuation.separator.writ', match: '[,:]' },
]

function include(...keys: readonly string[]): readonly TextMateRule[] {
  return keys.map(key => ({ include: `#${key}` }))
}

function anyOf(words: readonly string[]): string {
  return `\\b(?:${words.join('|')})\\b`
}

function softWordsOf(wanted: KeywordGroup): readonly string[] {
  return Object.entries(softWords).flatMap(([word, group]) => (group === wanted ? [word] : []))
}

function reservedWordsOf(wanted: KeywordGroup): readonly string[] {
  return Object.entries(reservedWords).flatMap(([word, group]) => (group === wanted ? [word] : []))
}
