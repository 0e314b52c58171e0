/**
 * The kinds of token that the parser distinguishes. Words are made from the keyword table; they are all lexed as identifiers
 * and told apart afterwards (lex.ts), which keeps the lexer small and its construction fast.
 */
import { createToken, Lexer, type TokenType } from 'chevrotain'
import { type KeywordText, reservedWords, softWords } from '../keywords.ts'

const abstract = (name: string, label: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, label, categories, pattern: Lexer.NA })
const concrete = (name: string, label: string, pattern: RegExp | string, categories: TokenType[] = []): TokenType =>
  createToken({ name, label, pattern, categories })

/** Any word at all: what may follow a dot, or name a member of a record. */
export const AnyWord = abstract('AnyWord', 'a name')
/** A word that may be a name: identifiers and soft keywords. */
export const Word = abstract('Word', 'a name', [AnyWord])
export const Literal = abstract('Literal', 'a value')
/** Operators with an operand on each side. */
export const Infix = abstract('Infix', 'an operator')
/** Those of them that can stand after `not`. */
export const Negatable = abstract('Negatable', '`in`, `like`, `matches`, `contains`, `starts_with` or `ends_with`')
export const Prefix = abstract('Prefix', '`not` or `-`')
export const DecisionWordToken = abstract('DecisionWord', '`permit`, `warn`, `hold` or `deny`')

export const Identifier = createToken({
  name: 'Identifier',
  label: 'a name',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: [Word],
})

/** The token type of each keyword. */
export const keyword: Readonly<Record<KeywordText, TokenType>> = makeKeywords()

export const Whitespace = createToken({ name: 'Whitespace', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true })
export const Documentation = createToken({
  name: 'Documentation',
  pattern: /\/\/\/(?!\/)[^\n\r]*/,
  group: 'comments',
})
export const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\n\r]*/, group: 'comments' })
export const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*[\s\S]*?\*\//,
  group: 'comments',
  line_breaks: true,
})
export const UnclosedComment = createToken({
  name: 'UnclosedComment',
  pattern: /\/\*[\s\S]*/,
  group: 'comments',
  line_breaks: true,
})

export const Text = concrete('Text', 'a text in double quotes', /"[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"/, [Literal])
/** Broken forms that have a message of their own; the parser reads them as the text or number they were meant to be. */
export const UnclosedText = concrete('UnclosedText', 'a text', /"[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*\\?/, [Text])
export const SingleQuotedText = concrete('SingleQuotedText', 'a text', /'[^'\n\r]*'?/, [Text])

export const TimeLiteral = concrete(
  'TimeLiteral',
  'a time',
  /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?(?![\w.-])/,
  [Literal],
)
export const Clock = concrete('Clock', 'a time such as 09:00', /\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?![\w:])/)
export const VersionLiteral = concrete(
  'VersionLiteral',
  'a version such as 2.1.0',
  /\d[\d_]*\.\d[\d_]*\.\d[\d_]*(?!\w|\.\d)/,
  [Literal],
)
export const PercentLiteral = concrete('PercentLiteral', 'a percentage', /\d[\d_]*(?:\.\d[\d_]*)?%/, [Literal])
export const MoneyLiteral = concrete(
  'MoneyLiteral',
  'an amount of money',
  /\d[\d_]*(?:\.\d[\d_]*)?[ \t]+[A-Z]{3}(?!\w)/,
  [Literal],
)
export const DurationLiteral = concrete(
  'DurationLiteral',
  'a duration such as 30m',
  /(?:\d[\d_]*(?:ms|[smhdw]))+(?!\w|\.\d)/,
  [Literal],
)
export const NumberLiteral = concrete('NumberLiteral', 'a number', /\d[\d_]*(?:\.\d[\d_]*)?(?!\w|\.\d)/, [Literal])
export const MalformedNumber = concrete('MalformedNumber', 'a number', /\d\w*(?:\.\d\w*)*/, [Literal])

export const LeftBrace = concrete('LeftBrace', '`{`', '{')
export const RightBrace = concrete('RightBrace', '`}`', '}')
export const LeftParenthesis = concrete('LeftParenthesis', '`(`', '(')
export const RightParenthesis = concrete('RightParenthesis', '`)`', ')')
export const LeftBracket = concrete('LeftBracket', '`[`', '[')
export const RightBracket = concrete('RightBracket', '`]`', ']')
export const Comma = concrete('Comma', '`,`', ',')
export const Colon = concrete('Colon', '`:`', ':')
export const Semicolon = concrete('Semicolon', '`;`', ';')
export const Range = concrete('Range', '`..`', '..', [Infix])
export const Dot = concrete('Dot', '`.`', '.')
export const TripleEquals = concrete('TripleEquals', '`==`', '===', [Infix])
export const NotDoubleEquals = concrete('NotDoubleEquals', '`!=`', '!==', [Infix])
export const Equals = concrete('Equals', '`==`', '==', [Infix])
export const Assign = concrete('Assign', '`=`', '=', [Infix])
export const NotEquals = concrete('NotEquals', '`!=`', '!=', [Infix])
export const LessOrGreater = concrete('LessOrGreater', '`!=`', '<>', [Infix])
export const LessOrEqual = concrete('LessOrEqual', '`<=`', '<=', [Infix])
export const GreaterOrEqual = concrete('GreaterOrEqual', '`>=`', '>=', [Infix])
export const Less = concrete('Less', '`<`', '<', [Infix])
export const Greater = concrete('Greater', '`>`', '>', [Infix])
export const Plus = concrete('Plus', '`+`', '+', [Infix])
export const Minus = concrete('Minus', '`-`', '-', [Infix, Prefix])
export const Star = concrete('Star', '`*`', '*', [Infix])
export const Slash = concrete('Slash', '`/`', '/', [Infix])
export const Default = concrete('Default', '`??`', '??', [Infix])
export const Question = concrete('Question', '`?`', '?')
export const AndAnd = concrete('AndAnd', '`and`', '&&', [Infix])
export const OrOr = concrete('OrOr', '`or`', '||', [Infix])
export const Bang = concrete('Bang', '`not`', '!', [Prefix])

/** What the lexer looks for, in the order in which it tries. */
export const lexed: TokenType[] = [
  Whitespace,
  Identifier,
  Documentation,
  LineComment,
  BlockComment,
  UnclosedComment,
  Text,
  UnclosedText,
  SingleQuotedText,
  TimeLiteral,
  Clock,
  VersionLiteral,
  PercentLiteral,
  MoneyLiteral,
  DurationLiteral,
  NumberLiteral,
  MalformedNumber,
  LeftBrace,
  RightBrace,
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
  Comma,
  Colon,
  Semicolon,
  Range,
  Dot,
  TripleEquals,
  NotDoubleEquals,
  Equals,
  Assign,
  NotEquals,
  LessOrGreater,
  LessOrEqual,
  GreaterOrEqual,
  Less,
  Greater,
  Plus,
  Minus,
  Star,
  Slash,
  Default,
  Question,
  AndAnd,
  OrOr,
  Bang,
]

/** What the parser knows: the lexed kinds, the keywords and the categories. */
export const vocabulary: TokenType[] = [
  ...lexed,
  ...Object.values(keyword),
  AnyWord,
  Word,
  Literal,
  Infix,
  Negatable,
  Prefix,
  DecisionWordToken,
]

function makeKeywords(): Record<KeywordText, TokenType> {
  const infix = new Set(['and', 'or'])
  const negatable = new Set(['in', 'like', 'matches', 'contains', 'starts_with', 'ends_with'])
  const literal = new Set(['true', 'false'])
  const decision = new Set(['permit', 'warn', 'hold', 'deny'])
  const made: Record<string, TokenType> = {}
  for (const word of Object.keys(reservedWords)) {
    const categories = [AnyWord]
    if (infix.has(word) || negatable.has(word)) categories.push(Infix)
    if (negatable.has(word)) categories.push(Negatable)
    if (literal.has(word)) categories.push(Literal)
    if (word === 'not') categories.push(Prefix)
    made[word] = abstract(`word ${word}`, `\`${word}\``, categories)
  }
  for (const word of Object.keys(softWords)) {
    const categories = decision.has(word) ? [Word, DecisionWordToken] : [Word]
    made[word] = abstract(`word ${word}`, `\`${word}\``, categories)
  }
  return made as Record<KeywordText, TokenType>
}
