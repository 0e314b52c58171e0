/** A check after an edit says the same as a check from nothing, and does not do again what the edit cannot have changed. */
import { parse, type SourceFile } from '@writ/grammar'
import { expect, test } from 'vitest'
import { type Checked, check } from '../../src/check/check.ts'

const workspace: Readonly<Record<string, string>> = {
  'events.writ': `module events
type Channel = enum { chat, email }
contract Paid version 1.0.0 { id: String key  at: Time time  who: String  amount: Money<EUR>  n: Int  channel: Channel }
contract Refused version 1.0.0 { id: String key  at: Time time  who: String  n: Int }
sample Paid { id: "p", who: "w", amount: 1 EUR, n: 1, channel: chat }
sample Refused { id: "p", who: "w", n: 1 }
`,
  'people.writ': `module people
role Lead { members "ana", "bo" }
define small(m: Money<EUR>): Bool = m < limit
define limit = 50 EUR
define twice(n: Int): Int = n + n
`,
  'policies.writ': `module policies
use events { Paid, Refused }
use people { Lead, small, twice }

policy first {
  on Paid as p
  on Refused as r
  default deny because "nothing fits {twice(2)}"
  let often = count of Paid where channel == chat by who over 1d
  rule small when small(p.amount) and often < 3 permit
  rule lead when often < 9 require approval from 2 of Lead within 1h
  rule refused when r.n > 1 deny "no {r.n}"
}
policy second { on Paid as x  combine first  default permit  rule few when twice(x.n) > 3 warn }
test "small ones" {
  given Paid { amount: 20 EUR } at 09:00
  expect permit by small
  expect often == 1
  given Refused { n: 5 }
  expect deny by refused
}
test "leads" { given Paid { amount: 90 EUR }  expect hold by lead  expect approval from Lead }
`,
}

/** Everything a check says, as text; ids that mean nothing outside are not in it. */
function said({ plan, problems }: Checked): string {
  return JSON.stringify({ plan, problems }, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}

function parsed(path: string, text: string, before?: SourceFile): SourceFile {
  return parse(path, text, before)
}

/** A small edit of the kind that editors send: a word changed, taken out, doubled; a line moved. */
function edited(text: string, random: () => number): string {
  const words = [...text.matchAll(/[A-Za-z_]+|[0-9]+|[^\sA-Za-z_0-9]+|\n+/g)]
  const one = words[Math.floor(random() * words.length)]
  const other = words[Math.floor(random() * words.length)]
  if (!one || !other) return text
  const at = one.index
  const end = at + one[0].length
  switch (Math.floor(random() * 4)) {
    case 0:
      return text.slice(0, at) + text.slice(end)
    case 1:
      return text.slice(0, at) + other[0] + text.slice(end)
    case 2:
      return `${text.slice(0, end)} ${one[0]}${text.slice(end)}`
    default:
      return `${text.slice(0, at)}\n// moved\n${text.slice(at)}`
  }
}

function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i: after every edit as from nothing', seed => {
  const random = generator(seed * 7919)
  const texts = new Map(Object.entries(workspace))
  let files = new Map([...texts].map(([path, text]) => [path, parsed(path, text)]))
  let checked = check([...files.values()])
  expect(checked.problems.filter(problem => problem.severity === 'error')).toEqual([])
  for (let step = 0; step < 60; step++) {
    const paths = [...texts.keys()]
    const path = paths[Math.floor(random() * paths.length)] ?? ''
    // Every third edit goes back to what was right, so that broken states do not pile up.
    const text = step % 3 === 2 ? (workspace[path] ?? '') : edited(texts.get(path) ?? '', random)
    const older = checked
    const olderSaid = said(older)
    texts.set(path, text)
    files = new Map(files).set(path, parsed(path, text, files.get(path)))
    checked = check([...files.values()], older)
    const fresh = check([...texts].map(([path, text]) => parsed(path, text)))
    expect(said(checked), `seed ${seed}, step ${step}, ${path}:\n${text}`).toBe(said(fresh))
    expect(said(older)).toBe(olderSaid)
  }
})

test('an older check still gives its plan after a newer one', () => {
  const first = parsed(
    'a.writ',
    'module a\ncontract C { n: Int }\npolicy p { on C as c  default deny  rule r when c.n > 1 permit }',
  )
  const older = check([first])
  const newer = check([parsed('a.writ', first.text.replace('module a', 'module a\n\n// more'), first)], older)
  expect(newer.plan?.policies[0]?.span.start).toBe((older.plan?.policies[0]?.span.start ?? 0) + 9)
})

test('files come and go', () => {
  const events = parsed('events.writ', workspace['events.writ'] ?? '')
  const people = parsed('people.writ', workspace['people.writ'] ?? '')
  const policies = parsed('policies.writ', workspace['policies.writ'] ?? '')
  const all = check([policies, events, people])
  const without = check([policies, people], all)
  expect(without.problems.map(problem => problem.code)).toContain('W0204')
  expect(said(check([events, people, policies], without))).toBe(said(all))
})

test('a name counts as used only by what is asked for now', () => {
  const events = (first: string) =>
    `module e\ncontract ${first} version 1.0.0 { id: String key }\ncontract B version 1.0.0 { id: String key }\n`
  const user = parsed(
    'u.writ',
    'module u\nuse e { A, B }\npolicy p { rule r after A as a expect B where it.id == a.id within 1d }\n',
  )
  const before = check([parsed('e.writ', events('A')), user])
  expect(before.problems).toEqual([])
  // Without its opening event the expectation does not look at what it waits for.
  const after = parsed('e.writ', events('Other'))
  expect(said(check([after, user], before))).toBe(said(check([after, user])))
})

test('two declarations of the same text are two', () => {
  const text = 'module a\nrole R { members "x" }\nrole R { members "x" }'
  const first = parsed('a.writ', text)
  const once = check([first])
  expect(once.problems.map(problem => problem.code)).toEqual(['W0202'])
  const again = check([parsed('a.writ', `${text}\n`, first)], once)
  expect(said(again)).toBe(said(check([parsed('a.writ', `${text}\n`)])))
})
