/** Rename, refactorings, organising, formatting and file renames: the text before with its mark, and the text after. */
import { describe, expect, test } from 'vitest'
import { codeActions } from '../src/service/code-actions.ts'
import { contractOfRecords } from '../src/service/refactor/missing-contract.ts'
import { fileRenameEdit, rename } from '../src/service/rename.ts'
import { after, marked } from './marked.ts'

const events = `//- events.writ
module events
contract Paid version 1.0.0 { id: String key  customer: String  amount: Money<USD> }
contract Refused version 1.0.0 { id: String key  customer: String  amount: Money<USD> }
//- main.writ
`
const head = 'module m\nuse events { Paid }\n'
const policy = (body: string): string =>
  `${head}policy p version 1.0.0 {\n  on Paid as p\n  default permit\n${body}\n}\n`

function renamed(source: string, name: string): Readonly<Record<string, string>> | string {
  const { snapshot, path, position } = marked(source)
  const edit = rename(snapshot, path, position, name)
  return typeof edit === 'string' ? edit : after(snapshot, edit)
}

describe('rename', () => {
  test('a let, in texts too', () => {
    expect(renamed(events + policy('  let bi|g = p.amount > 5 USD\n  rule r when big deny "{big}"'), 'large')).toEqual({
      'main.writ': policy('  let large = p.amount > 5 USD\n  rule r when large deny "{large}"'),
    })
  })
  test('a field, where it is declared, read, keyed, given and mapped', () => {
    const source = `//- main.writ
module m
contract Paid version 1.0.0 { id: String key  customer: String  amount: Int }
source log { format ndjson  map Paid { id = number } }
sample Paid { id: "p", customer: "c", amount: 1 }
policy p version 1.0.0 {
  on Paid as p
  default permit
  rule r when count of Paid where custo|mer != "x" by customer over 1h > 2 and p.customer != "" deny
}
test "t" { given Paid { customer: "a" }  expect permit }
`
    expect(renamed(source, 'buyer')).toEqual({
      'main.writ': `module m
contract Paid version 1.0.0 { id: String key  buyer: String  amount: Int }
source log { format ndjson  map Paid { id = number buyer = customer } }
sample Paid { id: "p", buyer: "c", amount: 1 }
policy p version 1.0.0 {
  on Paid as p
  default permit
  rule r when count of Paid where buyer != "x" by buyer over 1h > 2 and p.buyer != "" deny
}
test "t" { given Paid { buyer: "a" }  expect permit }
`,
    })
  })
  test('a policy, a field and an indicator in a rollout', () => {
    const source = (policy: string, field: string, indicator: string) => `module m
contract Paid version 1.0.0 { id: String key  ${field}: String  amount: Int }
policy old version 1.0.0 { on Paid as p  default permit }
policy ${policy} version 1.0.0 { on Paid as p  default deny }
indicator ${indicator} = share(deny) of decisions of ${policy} by all over 1d
rollout r of ${policy} { replaces old  canary 10% by ${field} for 1d  rollback when ${indicator} > 5% or share(deny) of decisions > 9% }
`
    const main = (text: string) => `//- main.writ\n${text}`
    expect(renamed(main(source('q', 'who', 'denied').replace('rollout r of q', 'rollout r of |q')), 'next')).toEqual({
      'main.writ': source('next', 'who', 'denied'),
    })
    expect(renamed(main(source('q', 'who', 'denied').replace('by who', 'by w|ho')), 'buyer')).toEqual({
      'main.writ': source('q', 'buyer', 'denied'),
    })
    expect(renamed(main(source('q', 'who', 'denied').replace('when denied', 'when den|ied')), 'stopped')).toEqual({
      'main.writ': source('q', 'who', 'stopped'),
    })
  })
  test('fields that one alias stands for are renamed in every contract', () => {
    const source = `${events}module m
use events { Paid, Refused }
policy p version 1.0.0 { on Paid, Refused as e  default permit  rule r when e.amo|unt > 1 USD deny }
`
    const result = renamed(source, 'sum_paid')
    expect(result).toMatchObject({
      'events.writ': `module events
contract Paid version 1.0.0 { id: String key  customer: String  sum_paid: Money<USD> }
contract Refused version 1.0.0 { id: String key  customer: String  sum_paid: Money<USD> }
`,
    })
  })
  test('a contract over files; a name that `use … as` gives is another name', () => {
    const source = `${events}module m
use events { Pa|id as Payment }
policy p version 1.0.0 { on Payment as e  default permit  rule r when e.amount > 1 USD deny }
`
    const result = renamed(source, 'Settled')
    expect(result).toMatchObject({ 'main.writ': expect.stringContaining('use events { Settled as Payment }') })
    expect(result).toMatchObject({ 'main.writ': expect.stringContaining('on Payment as e') })
  })
  test('a rule, a field and an alias in a property', () => {
    const property = (field: string, alias: string, by: string): string =>
      `property x { for all Paid as ${alias} where ${alias}.${field} > 5 USD  never deny by ${by} }`
    const source = policy('  rule r|q when p.amount > 5 USD deny') + property('amount', 'e', 'p.rq')
    expect(renamed(events + source, 'large')).toEqual({
      'main.writ': policy('  rule large when p.amount > 5 USD deny') + property('amount', 'e', 'p.large'),
    })
    const aliased = policy('  rule rq when p.amount > 5 USD deny') + property('amount', 'e|', 'rq').replace('e|.', 'e.')
    expect(renamed(events + aliased, 'paid')).toEqual({
      'main.writ': policy('  rule rq when p.amount > 5 USD deny') + property('amount', 'paid', 'rq'),
    })
  })
  test('a member of an enum, a rule in its test, a layer', () => {
    expect(
      renamed(
        'module m\ncontract C version 1.0.0 { id: String key  k: enum { ol|d, new } }\nsample C { id: "c", k: old }\n',
        'former',
      ),
    ).toEqual({
      'main.writ':
        'module m\ncontract C version 1.0.0 { id: String key  k: enum { former, new } }\nsample C { id: "c", k: former }\n',
    })
    const tested = `${policy('  rule lar|ge when p.amount > 5 USD deny')}test "t" { given Paid { id: "1", customer: "c", amount: 9 USD }  expect deny by large }\n`
    expect(renamed(events + tested, 'much')).toMatchObject({
      'main.writ': expect.stringContaining('expect deny by much'),
    })
  })
  test('is refused where the name means something already', () => {
    expect(renamed(events + policy('  let a = 1\n  let b|ig = 2\n  rule r when a + big > 3 deny'), 'a')).toContain(
      'already means',
    )
    expect(renamed(events + policy('  let bi|g = 2\n  rule r when big > 3 deny'), 'where')).toContain('has a meaning')
    expect(renamed(events + policy('  let bi|g = 2\n  rule r when big > 3 deny'), '2big')).toContain('is no name')
  })
  test('a file takes the module along that is named after it', () => {
    const { snapshot } = marked(`${events}${policy('  rule r deny')}`)
    const edit = fileRenameEdit(snapshot, 'events.writ', 'happened.writ')
    expect(edit && after(snapshot, edit)).toMatchObject({
      'events.writ': expect.stringMatching(/^module happened\n/),
      'main.writ': expect.stringContaining('use happened { Paid }'),
    })
    expect(fileRenameEdit(snapshot, 'main.writ', 'other.writ')).toBeNull()
  })
})

function acted(source: string, title: string): string | undefined {
  const { snapshot, path, range } = marked(source)
  const found = codeActions(snapshot, path, range, ['quickfix', 'refactor', 'source']).find(
    action => action.title === title,
  )
  return found?.edit ? after(snapshot, found.edit)[path] : undefined
}

describe('refactorings', () => {
  const cases: Readonly<Record<string, readonly [source: string, title: string, after: string | undefined]>> = {
    'extract a let': [
      events + policy('  rule r when [[p.amount > 5 USD]] and p.customer != "" deny'),
      'Extract into let value',
      policy('  let value = p.amount > 5 USD\n\n  rule r when value and p.customer != "" deny'),
    ],
    'not from inside of a window': [
      events + policy('  rule r when count of Paid where [[amount > 5 USD]] by customer over 1h > 2 deny'),
      'Extract into let value',
      undefined,
    ],
    'extract a define': [
      events + policy('  rule r when [[p.amount > 5 USD and p.customer != ""]] deny'),
      'Extract into define extracted',
      `${head}define extracted(amount: Money<USD>, customer: String): Bool = amount > 5 USD and customer != ""\n\npolicy p version 1.0.0 {\n  on Paid as p\n  default permit\n  rule r when extracted(p.amount, p.customer) deny\n}\n`,
    ],
    'history is no define': [
      events + policy('  rule r when [[count of Paid by customer over 1h > 2]] deny'),
      'Extract into define extracted',
      undefined,
    ],
    'inline a let': [
      events + policy('  let bi|g = p.amount > 5 USD or p.amount < 1 USD\n  rule r when big and p.customer != "" deny'),
      'Inline let big',
      policy('  rule r when (p.amount > 5 USD or p.amount < 1 USD) and p.customer != "" deny'),
    ],
    'inline a define': [
      `${events}${head}define above(a: Money<USD>, limit: Money<USD>): Bool = a > limit\n${policy('  rule r when abo|ve(p.amount, 5 USD) deny').slice(head.length)}`,
      'Inline define above',
      `${head}define above(a: Money<USD>, limit: Money<USD>): Bool = a > limit\n${policy('  rule r when (p.amount > 5 USD) deny').slice(head.length)}`,
    ],
    'split a rule': [
      events + policy('  rule r "why"\n    when p.amount > 5 USD o|r p.customer == "x"\n    deny'),
      'Split r into 2 rules',
      policy(
        '  rule r_1 "why"\n    when p.amount > 5 USD\n    deny\n\n  rule r_2 "why"\n    when p.customer == "x"\n    deny',
      ),
    ],
    'declare a contract': [
      'module m\npolicy p version 1.0.0 {\n  on Pa|id as p\n  default permit\n  rule r when p.customer == "x" deny\n}\n',
      'Declare contract Paid',
      'module m\npolicy p version 1.0.0 {\n  on Paid as p\n  default permit\n  rule r when p.customer == "x" deny\n}\n\ncontract Paid version 1.0.0 {\n  id : String key\n  at : Time time\n  customer : String\n}\n',
    ],
    'organise uses': [
      `${events}module m\nuse events { Refused, Pai|d }\nuse other { Lead }\npolicy p { on Refused, Paid  default deny }\n`,
      'Organise uses',
      'module m\nuse events { Paid, Refused }\nuse other { Lead }\npolicy p { on Refused, Paid  default deny }\n',
    ],
    'fix all': [
      `${events}module m\nuse events { Paid, Refused }\npolicy p { on Pa|id  default deny  let unused = 1  rule r permit }\n`,
      'Fix all that can be fixed',
      'module m\nuse events { Paid }\npolicy p { on Paid  default deny  rule r permit }\n',
    ],
  }
  test.each(Object.entries(cases))('%s', (_, [source, title, wanted]) => {
    expect(acted(source, title)).toBe(wanted)
  })

  test('a contract of recorded events', () => {
    const records = [
      {
        event: 'Paid',
        id: 'a',
        at: '2026-11-20T09:00:00Z',
        amount: { amount: 1.5, currency: 'EUR' },
        tags: ['x'],
        score: 1,
      },
      {
        event: 'Paid',
        id: 'b',
        at: '2026-11-20T09:00:01Z',
        amount: { amount: 2, currency: 'EUR' },
        tags: [],
        score: 0.5,
        note: 'n',
      },
    ]
    expect(contractOfRecords('Paid', records)).toBe(`contract Paid version 1.0.0 {
  id : String key
  at : Time time
  amount : Money<EUR>
  tags : List<String>
  score : Decimal
  note : String?
}
`)
  })
})
