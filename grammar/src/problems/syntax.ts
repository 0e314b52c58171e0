/** W01xx: text that is not Writ yet. The parser in grammar/src/parser makes these; each says what was found and how to go on. */
import { catalogue } from './problem.ts'

export const syntaxProblems = catalogue({
  W0101: {
    severity: 'error',
    title: 'Something else belongs here',
    message: 'Found {found}, but {expected} belongs here.',
  },
  W0102: {
    severity: 'error',
    title: 'Misspelt keyword',
    message: '`{word}` means nothing here. Did you mean `{suggestion}`?',
  },
  W0103: {
    severity: 'error',
    title: 'Text without a closing quote',
    message: 'This text is never closed. End it with `"` on the same line; write a quote inside it as `\\"`.',
  },
  W0104: {
    severity: 'error',
    title: 'Bracket that is never closed',
    message: 'This `{open}` is never closed. Add the `{close}` that belongs to it.',
  },
  W0105: {
    severity: 'error',
    title: 'Bracket that was never opened',
    message: 'This `{close}` closes nothing. Take it out, or add the `{open}` that it should close.',
  },
  W0106: {
    severity: 'error',
    title: 'Comparison with a single =',
    message: '`=` gives a name its value. Write `==` to compare.',
  },
  W0107: {
    severity: 'error',
    title: 'Operator of another language',
    message: 'Writ has no `{found}`. Write `{suggestion}`.',
  },
  W0108: {
    severity: 'error',
    title: 'Chained comparison',
    message: 'Comparisons do not chain. Write two of them joined by `and`, or `x in low .. high`.',
  },
  W0109: {
    severity: 'error',
    title: 'Duration without a unit',
    message:
      '`{number}` has no unit. Write how long it is, such as `{number}s`, `{number}m`, `{number}h` or `{number}d`.',
  },
  W0110: {
    severity: 'error',
    title: 'Unknown escape in a text',
    message:
      '`{escape}` stands for nothing. The escapes are `\\"` `\\\\` `\\n` `\\t` `\\r` and `\\u{…}`; write `\\\\` for a backslash.',
  },
  W0111: {
    severity: 'error',
    title: 'Aggregate that does not say of what',
    message: '`{function}` looks at recorded events and must say which: `{example} of EVENT by KEY over 24h`.',
  },
  W0112: {
    severity: 'error',
    title: 'Comment that is never closed',
    message: 'This comment is never closed. End it with `*/`.',
  },
  W0113: {
    severity: 'error',
    title: 'Unknown character',
    message: '{character} is not part of the language. {advice}',
  },
  W0114: {
    severity: 'error',
    title: 'Malformed number, duration or time',
    message: '`{text}` is not {kind}. {advice}',
  },
  W0115: {
    severity: 'error',
    title: 'Reserved word as a name',
    message:
      '`{word}` has a meaning in expressions, so it cannot be a name here. Choose another, such as `{suggestion}`.',
  },
  W0116: {
    severity: 'error',
    title: 'Malformed place for a value in a text',
    message: '{what} Write `{{` and `}}` for braces that are meant as text.',
  },
  W0117: {
    severity: 'error',
    title: 'Rule without an effect',
    message:
      'Rule `{rule}` does not say what happens. Add `permit`, `warn`, `hold`, `deny` or `require approval from ROLE`.',
  },
  W0118: {
    severity: 'error',
    title: 'Wrong sign between name and value',
    message: 'Here a value is given with `{expected}`, not with `{found}`.',
  },
  W0119: {
    severity: 'error',
    title: 'Text in single quotes',
    message: 'Texts stand in double quotes: `"…"`.',
  },
})
