/**
 * What privacy flow promises, tried out: where it reports nothing, implicit flow included, events that differ only in secrets
 * give the same decisions, texts and obligations. Programs are generated; `mask`, `hash` and `bucket` are left out, because
 * what they leave may differ by design.
 */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { obligationsOf } from '../../src/explain/reason.ts'
import { explain } from '../../src/explain/trace.ts'
import { LogBuilder } from '../../src/log/builder.ts'
import { columnView } from '../../src/log/column-view.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { flow } from '../../src/privacy/flow.ts'
import { fromInteger } from '../../src/value/rational.ts'
import { absent, type Value } from '../../src/value/value.ts'

const contract = `contract Seen version 1.0.0 {
  who: String  n: Int  code: String secret  pin: Int secret  flag: Bool secret  hint: String? secret
  words: List<String>  codes: List<String> secret  card: { number: String secret, brand: String }
}
define letter = "a"
define longer(a: String, b: String): String = if length(a) >= length(b) then a else b`

test('programs without a report give nothing of their secrets away', () => {
  const seed = Number(process.env.WRIT_SEED ?? 7)
  const next = random(seed)
  const seen = { silent: 0, reported: 0, differing: 0 }
  for (let round = 0; round < 400; round++) {
    const source = programText(next)
    const { plan, problems } = check([parse('a.writ', source)])
    if (plan === null) throw new Error(`seed ${seed}: ${problems.map(found => found.message).join('\n')}\n${source}`)
    const silent = flow(plan, { implicit: 'error' }).every(({ severity }) => severity !== 'error')
    const differs = told(plan, events(1)) !== told(plan, events(2)) || told(plan, events(1)) !== told(plan, events(3))
    if (silent && differs) expect.fail(`seed ${seed}: nothing is reported of\n${source}`)
    seen[silent ? 'silent' : 'reported']++
    if (differs) seen.differing++
  }
  // Otherwise the test would say nothing.
  expect(seen.silent, JSON.stringify(seen)).toBeGreaterThan(50)
  expect(seen.differing, JSON.stringify(seen)).toBeGreaterThan(50)
})

/** Everything that leaves: decisions, texts and payloads. */
function told(plan: Plan, log: readonly Record<string, Value>[]): string {
  const builder = new LogBuilder(plan.contracts)
  log.forEach((fields, index) => {
    builder.add({
      contract: plan.contracts.findIndex(({ name }) => name === 'Seen'),
      time: index * 1000,
      file: 'log',
      index,
      fields,
    })
  })
  const view = columnView(builder.build(), plan.contracts)
  const all = log.map((_, seq) => {
    const explanation = explain(plan, view, seq, 0)
    return [
      explanation.decision,
      explanation.reason,
      obligationsOf(plan, view, seq, 0, explanation.decidedBy < 0 ? [] : [explanation.decidedBy]),
    ]
  })
  return JSON.stringify(all, (_, value: unknown) =>
    typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : value,
  )
}

/** The same but for their secrets. */
function events(variant: number): readonly Record<string, Value>[] {
  const int = (n: number) => fromInteger(n)
  return [1, 2, 3].map(n => {
    const secret = variant * n
    return {
      who: n === 2 ? 'b' : 'a',
      n: int(n),
      code: ['a', 'secret', 'b'][secret % 3] ?? '',
      pin: int(secret),
      flag: secret % 2 === 0,
      hint: secret % 3 === 0 ? absent : `hint ${secret}`,
      words: ['a', 'x'],
      codes: ['a', `c${secret}`].slice(0, (secret % 2) + 1),
      card: { fields: { number: `1${secret}`, brand: 'visa' } },
    }
  })
}

type Next = (below: number) => number

/** Small numbers from a seed. */
function random(seed: number): Next {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % below
  }
}

function programText(next: Next): string {
  return `module m
${contract}
policy p {
  on Seen as s
  default permit
  let one = ${text(next, 2, 's.')}
  let two = ${bool(next, 2, 's.')}
  let row = last(card) of Seen by who over 1d
  rule r
    when ${pick(next, [`${bool(next, 2, 's.')}`, 's.n >= 1', 's.n >= 2', 'two'])}
    deny "{${pick(next, ['s.who', 'one', int(next, 2, 's.'), text(next, 2, 's.')])}}"
    then tell { a: ${pick(next, [text(next, 2, 's.'), 'one', 's.card.brand', '{ a: s.code, b: s.who }.b', '(if row is present then row.brand else s.who)', '(if row is present then row.number else s.who)'])}, b: ${pick(next, ['s.who', int(next, 2, 's.')])} }
}`
}

function pick(next: Next, forms: readonly string[]): string {
  return forms[next(forms.length)] ?? ''
}

/** A secret is read seldom, so that many programs are silent. */
function field(next: Next, open: string, secret: string): string {
  return next(5) === 0 ? secret : open
}

function text(next: Next, depth: number, at: string): string {
  const leaf = field(next, `${at}who`, pick(next, [`${at}code`, `${at}card.number`, `(${at}hint ?? ${at}who)`]))
  if (depth === 0) return leaf
  const inner = () => text(next, depth - 1, at)
  return pick(next, [
    leaf,
    `upper(${inner()})`,
    `(${inner()} + ${inner()})`,
    `longer(${inner()}, ${inner()})`,
    `(if ${bool(next, depth - 1, at)} then ${inner()} else ${inner()})`,
    `${at}card.brand`,
    `text(${int(next, depth - 1, at)})`,
  ])
}

function int(next: Next, depth: number, at: string): string {
  const leaf = field(next, `${at}n`, pick(next, [`${at}pin`, `size(${at}codes)`, `length(${at}code)`]))
  if (depth === 0) return leaf
  const inner = () => int(next, depth - 1, at)
  // Windows do not stand inside of windows.
  const windows =
    at === 's.'
      ? [
          `(count of Seen where ${bool(next, 1, '')} by who over 1d)`,
          `(sum(${int(next, 1, '')}) of Seen by who over 1d)`,
          `(distinct(${field(next, 'who', 'code')}) of Seen by all over 1d)`,
          `(last(${field(next, 'n', 'pin')}) of Seen by who = ${text(next, 1, at)} over 1d ?? 0)`,
        ]
      : []
  return pick(next, [leaf, `(${inner()} + ${inner()})`, `min(${inner()}, ${inner()})`, `size(${at}words)`, ...windows])
}

function bool(next: Next, depth: number, at: string): string {
  const leaf = field(next, `${at}n > 1`, pick(next, [`${at}flag`, `${at}hint is present`, `letter in ${at}codes`]))
  if (depth === 0) return leaf
  const inner = () => bool(next, depth - 1, at)
  const windows = at === 's.' ? [`exists Seen where ${bool(next, 1, '')} by who over 1d before this`] : []
  return `(${pick(next, [
    leaf,
    `${inner()} and ${inner()}`,
    `not ${inner()}`,
    `${text(next, depth - 1, at)} == ${text(next, depth - 1, at)}`,
    `${int(next, depth - 1, at)} in 1 .. 2`,
    `any x in ${field(next, `${at}words`, `${at}codes`)} where x == ${field(next, `${at}who`, `${at}code`)}`,
    ...windows,
  ])})`
}
