/** The types of the functions of the language. Their meaning on values is value/builtins.ts. */
import type { BuiltinName } from '../plan/expression.ts'
import type { Type } from '../value/type.ts'
import { commonType, decimalType, intType, isNumber, isOrdered, stringType } from './type-relations.ts'

export interface Builtin {
  /** As it is written, for messages and completion. */
  readonly form: string
  readonly summary: string
  readonly parameters: readonly { readonly name: string; readonly takes: Taken }[]
  /** The last parameter may be given any number of times more. */
  readonly more: boolean
  /** From the types of the arguments, none of them optional. */
  readonly result: (given: readonly Type[]) => Type
}
/** What a parameter takes, in words, and the test of it. */
export interface Taken {
  readonly words: string
  readonly test: (type: Type) => boolean
}

const measure: Taken = {
  words: 'a number, Percent, Money or Duration',
  test: type => isNumber(type) || type.kind === 'percent' || type.kind === 'money' || type.kind === 'duration',
}
const roundable: Taken = {
  words: 'a number, Percent or Money',
  test: type => isNumber(type) || type.kind === 'percent' || type.kind === 'money',
}
const ordered: Taken = { words: 'a number, Percent, Money, Duration, Time, Version or String', test: isOrdered }
const text: Taken = { words: 'a String', test: type => type.kind === 'string' }
/** calls.ts asks for a literal and reads it. */
export const pattern: Taken = { words: 'a pattern', test: type => type.kind === 'string' }
const integer: Taken = { words: 'an Int', test: type => type.kind === 'int' }
const list: Taken = { words: 'a list', test: type => type.kind === 'list' }
const money: Taken = { words: 'Money', test: type => type.kind === 'money' }
const time: Taken = { words: 'a Time', test: type => type.kind === 'time' }
const anything: Taken = { words: 'a value', test: () => true }

export const builtins: Readonly<Record<BuiltinName, Builtin>> = {
  abs: one('abs(n)', 'The value without its sign.', measure, same),
  round: two('round(n, digits)', 'Rounded half away from zero.', ['n', roundable], ['digits', integer], rounded),
  floor: one('floor(n)', 'The integer at or below.', roundable, whole),
  ceil: one('ceil(n)', 'The integer at or above.', roundable, whole),
  min: extreme('min(a, b)', 'The smallest of two or more.'),
  max: extreme('max(a, b)', 'The largest of two or more.'),
  length: one('length(s)', 'How many UTF-16 units the text has.', text, () => intType),
  lower: one('lower(s)', 'ASCII letters made small.', text, () => stringType),
  upper: one('upper(s)', 'ASCII letters made large.', text, () => stringType),
  trim: one('trim(s)', 'Without white space at both ends.', text, () => stringType),
  size: one('size(list)', 'How many elements the list has.', list, () => intType),
  text: one('text(value)', 'As reasons print it.', anything, () => stringType),
  amount: one('amount(money)', 'The number without its currency.', money, () => decimalType),
  currency: one('currency(money)', 'The three letters of the currency.', money, () => stringType),
  hour_of_day: one('hour_of_day(time)', '0 to 23, UTC.', time, () => intType),
  day_of_week: one('day_of_week(time)', 'Monday is 1, Sunday is 7, UTC.', time, () => intType),
  mask: two('mask(s, keep: 4)', 'All but the last units become `*`.', ['s', text], ['keep', integer], () => stringType),
  hash: one('hash(s)', 'Hexadecimal SHA-256 of the UTF-8 text.', text, () => stringType),
  bucket: two(
    'bucket(n, width)',
    'The multiple of the width at or below.',
    ['n', measure],
    ['width', measure],
    ([a, b]) => (a && b && commonType(a, b)) ?? decimalType,
  ),
  find_all: two(
    'find_all(s, "pattern")',
    'The parts that match, from left to right.',
    ['s', text],
    ['pattern', pattern],
    () => ({ kind: 'list', element: stringType }),
  ),
}

/** The table's entry of this name, if there is one. */
export function builtinNamed(name: string): { readonly name: BuiltinName; readonly builtin: Builtin } | null {
  return isBuiltin(name) ? { name, builtin: builtins[name] } : null
}

function isBuiltin(name: string): name is BuiltinName {
  return Object.hasOwn(builtins, name)
}

function one(form: string, summary: string, takes: Taken, result: Builtin['result']): Builtin {
  const name = form.slice(form.indexOf('(') + 1, -1)
  return { form, summary, parameters: [{ name, takes }], more: false, result }
}

function two(
  form: string,
  summary: string,
  [first, takesFirst]: readonly [string, Taken],
  [second, takesSecond]: readonly [string, Taken],
  result: Builtin['result'],
): Builtin {
  const parameters = [
    { name: first, takes: takesFirst },
    { name: second, takes: takesSecond },
  ]
  return { form, summary, parameters, more: false, result }
}

function extreme(form: string, summary: string): Builtin {
  const parameters = [
    { name: 'a', takes: ordered },
    { name: 'b', takes: ordered },
  ]
  const result = (given: readonly Type[]) =>
    given.reduce<Type>((common, type) => commonType(common, type) ?? common, given[0] ?? decimalType)
  return { form, summary, parameters, more: true, result }
}

function same([given]: readonly Type[]): Type {
  return given ?? decimalType
}
/** Rounding an Int to digits leaves it one. */
function rounded([given]: readonly Type[]): Type {
  return given ?? decimalType
}
function whole([given]: readonly Type[]): Type {
  return given && !isNumber(given) ? given : intType
}
