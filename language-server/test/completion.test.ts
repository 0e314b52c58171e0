/** Completion by place: what is offered at `|`, and what is written when it is chosen. */
import { describe, expect, test } from 'vitest'
import { completion } from '../src/service/completion/completion.ts'
import { after, marked } from './marked.ts'

const events = `//- events.writ
module events
contract Paid version 1.0.0 {
  id: String key
  at: Time time
  customer: String
  amount: Money<USD>
  channel: enum { chat, email }
  home: { city: String, zip: String? }
}
contract Refused version 1.0.0 { id: String key  customer: String }
role Lead { members "ana" }
define is_small(amount: Money<USD>): Bool = amount <= 5 USD
layers global > team
sink desk { accepts personal }
table lead_of by customer from Paid { city: home.city }
//- main.writ
`
const policy = (body: string): string =>
  `${events}module m\nuse events { Lead, Paid, is_small, lead_of }\npolicy p version 1.0.0 {\n  on Paid as p\n  default permit\n${body}\n}\n`

function labels(source: string): readonly string[] {
  const { snapshot, path, position } = marked(source)
  return completion(snapshot, path, position)
    .toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
    .map(({ label }) => label)
}

/** What is offered first, and what must be or must not be among the rest. */
interface Case {
  readonly at: string
  readonly first?: readonly string[]
  readonly all?: readonly string[]
  readonly some?: readonly string[]
  readonly none?: readonly string[]
}
const cases: Readonly<Record<string, Case>> = {
  'fields of an alias': {
    at: policy('  rule r when p.| deny'),
    all: ['amount', 'at', 'channel', 'customer', 'home', 'id'],
  },
  'fields while a name is begun': { at: policy('  rule r when p.am| > 5 USD deny'), some: ['amount'], none: ['p'] },
  'members of a record': { at: policy('  rule r when p.home.| == "x" deny'), all: ['city', 'zip'] },
  'members of a row': { at: policy('  rule r when lead_of(p.customer).| == "x" deny'), all: ['city'] },
  'members of an enum come first': { at: policy('  rule r when p.channel == | deny'), first: ['chat', 'email'] },
  'aliases, lets, defines and functions as values': {
    at: policy('  let big = p.amount > 5 USD\n  rule r when | deny'),
    some: ['p', 'big', 'is_small', 'lead_of', 'abs', 'count of', 'not'],
    none: ['Paid', 'Lead', 'writ_cursor'],
  },
  'fields of the window’s event': {
    at: policy('  let s = sum(|) of Paid by customer over 1h'),
    some: ['amount', 'it', 'p'],
  },
  'contracts behind of': {
    at: policy('  let s = count of | by customer over 1h'),
    some: ['Paid', 'Refused'],
    none: ['Lead'],
  },
  'keys of a window': {
    at: policy('  let s = count of Paid by | over 1h'),
    some: ['customer', 'amount'],
    none: ['Paid'],
  },
  'contracts behind on': {
    at: `${events}module m\npolicy p {\n  on |\n  default deny\n}\n`,
    some: ['Paid', 'Refused'],
    none: ['Lead'],
  },
  'roles behind approval from': { at: policy('  rule r require approval from |'), some: ['Lead'], none: ['Paid'] },
  'clauses on a line of their own': { at: policy('  |'), some: ['rule', 'let', 'deny'], none: ['contract'] },
  'modes of combine': { at: policy('  combine |'), some: ['strictest', 'first'], none: ['rule'] },
  layers: { at: policy('  layer |'), all: ['global', 'team'] },
  sinks: { at: policy('  rule r deny then notify | { }'), some: ['desk'] },
  'declarations at the top': { at: `${events}module m\n\n|`, some: ['contract', 'policy', 'test'], none: ['when'] },
  'modules behind use': { at: `${events}module m\nuse |`, some: ['events'], none: ['m'] },
  'names of a module': { at: `${events}module m\nuse events { | }\n`, some: ['Paid', 'Lead', 'is_small'] },
  types: { at: `${events}module m\ncontract C { a: | }\n`, some: ['String', 'Money', 'List'] },
  'fields that a step does not give yet': {
    at: `${events}module m\nuse events { Paid }\ntest "t" {\n  given Paid { id: "1", | }\n}\n`,
    some: ['customer', 'channel'],
    none: ['id'],
  },
  'members of an enum in a step': {
    at: `${events}module m\nuse events { Paid }\ntest "t" {\n  given Paid { channel: | }\n}\n`,
    first: ['chat', 'email'],
  },
  'rules in a test': {
    at: `${policy('  rule large deny')}test "t" {\n  given Paid { }\n  expect deny by |\n}\n`,
    some: ['large'],
  },
  'steps of a test': { at: `${events}module m\ntest "t" {\n  |\n}\n`, some: ['given', 'expect'] },
  'holes of texts': { at: policy('  rule r deny "much: {p.|}"'), some: ['amount'] },
  'nothing in texts': { at: policy('  rule r deny "mu|ch"'), all: [] },
  'nothing in comments': { at: policy('  // see |'), all: [] },
}

describe('completion', () => {
  test.each(Object.entries(cases))('%s', (_, { at, first, all, some = [], none = [] }) => {
    const found = labels(at)
    if (first) expect(found.slice(0, first.length)).toEqual(first)
    if (all) expect([...found].sort()).toEqual(all)
    expect(some.filter(label => !found.includes(label))).toEqual([])
    expect(none.filter(label => found.includes(label))).toEqual([])
  })

  test('a name of another module brings its use', () => {
    const { snapshot, path, position } = marked(
      `${events}module m\nuse events { Lead }\npolicy p { on Re| default deny }\n`,
    )
    const item = completion(snapshot, path, position).find(({ label }) => label === 'Refused')
    const edits = [...(item?.additionalTextEdits ?? [])]
    if (item?.textEdit && 'range' in item.textEdit) edits.push(item.textEdit)
    const text = after(snapshot, { changes: { 'memory:/w/main.writ': edits } })['main.writ']
    expect(text).toBe('module m\nuse events { Lead, Refused }\npolicy p { on Refused default deny }\n')
  })
})
