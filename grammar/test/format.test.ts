/** The canonical layout, and what the formatter leaves alone. */
import { expect, test } from 'vitest'
import { parse } from '../src/parse.ts'
import { format, formatDeclarations } from '../src/print.ts'
import { correctTexts } from './programs.ts'

test.each([
  {
    what: 'fields of a contract stand in columns',
    text: `contract A   version 1.0.0{id:String key at : Time   time
customer_name:String? personal( identifier ) risk:Decimal? in 0..1
tags:List< String >

check risk is present   else   warn "x"
}`,
    formatted: `contract A version 1.0.0 {
  id             : String   key
  at             : Time     time
  customer_name  : String?  personal(identifier)
  risk           : Decimal? in 0 .. 1
  tags           : List<String>

  check risk is present else warn "x"
}
`,
  },
  {
    what: 'rules are apart, their clauses on lines of their own',
    text: `policy p version 1.0.0 { on A as r
default deny because "no"
let a=1
// Small ones.
rule small "t" when r.x<=50 USD and not(r.y) permit rule big when r.x>50 USD
require approval from S within 30m else approval from 2 of T else deny "late"
because "{r.x} is much" then page then tell pager{a:r.x,b:[1,-2]} }`,
    formatted: `policy p version 1.0.0 {
  on A as r
  default deny because "no"
  let a = 1

  // Small ones.
  rule small "t"
    when r.x <= 50 USD and not (r.y)
    permit

  rule big
    when r.x > 50 USD
    require approval from S within 30m
      else approval from 2 of T
      else deny "late"
    because "{r.x} is much"
    then page
    then tell pager { a: r.x, b: [1, -2] }
}
`,
  },
  {
    what: 'long conditions break at and, or; long windows at where and by; long records at commas',
    text: `policy p {
  rule a when r.amount > 50 USD and r.amount <= 500 USD and (r.channel == chat or r.channel == email) and r.risk < 0.5 permit
  rule b when sum(amount) of RefundIssued as issued where issued.amount > 10 USD and issued.channel == chat by customer, agent over 24h > 500 USD deny
  rule c permit then notify pager { agent: r.agent, customer: r.customer, amount: r.amount, reason: "a rather long reason" }
}`,
    formatted: `policy p {
  rule a
    when r.amount > 50 USD
      and r.amount <= 500 USD
      and (r.channel == chat or r.channel == email)
      and r.risk < 0.5
    permit

  rule b
    when sum(amount) of RefundIssued as issued
      where issued.amount > 10 USD and issued.channel == chat
      by customer, agent over 24h > 500 USD
    deny

  rule c
    permit
    then notify pager {
      agent: r.agent,
      customer: r.customer,
      amount: r.amount,
      reason: "a rather long reason"
    }
}
`,
  },
  {
    what: 'all comments stay, at the ends of lines and on lines of their own',
    text: `// file
module m // name

/* block
   kept */
/// doc
contract A version 1.0.0 { // opens
// before
id: String key // after id
/// about x
x: Int /* small */
// last
} // closes
// end`,
    formatted: `// file
module m  // name

/* block
   kept */
/// doc
contract A version 1.0.0 {  // opens
  // before
  id  : String  key  // after id
  /// about x
  x   : Int /* small */
  // last
}  // closes
// end
`,
  },
  {
    what: 'a record broken after its brace stays broken, one that fits is joined',
    text: 'sample A {\n  a: 1, b: 2 }\nsample B { a: 1,\n  b: { c: 2,\n d: 3 } }\n',
    formatted: 'sample A {\n  a: 1,\n  b: 2\n}\n\nsample B { a: 1, b: { c: 2, d: 3 } }\n',
  },
  {
    what: 'a single item may stay on the line of its braces',
    text: 'role A { members   "ana","bo" }\nsource s { format   csv map A {} map B { x=y }\nmap C { x=y z=w } }',
    formatted: `role A { members "ana", "bo" }

source s {
  format csv
  map A {}
  map B { x = y }
  map C {
    x = y
    z = w
  }
}
`,
  },
  {
    what: 'steps of a test keep their empty lines, one at most',
    text: 'test "t" {\n\n  given A { b: 1 }   at 09:00\n\n\n  at 09:31    expect hold\n  expect deny by  p.r\n}',
    formatted: 'test "t" {\n  given A { b: 1 } at 09:00\n\n  at 09:31 expect hold\n  expect deny by p.r\n}\n',
  },
  {
    what: 'lines of one line stay together, others get an empty line',
    text: 'module m\nuse a { B }\n\n\n\ndefine x = 1\ndefine y = 2\nrole R {\n members "a"\n}\ndefine z = 3',
    formatted: 'module m\nuse a { B }\n\ndefine x = 1\ndefine y = 2\n\nrole R {\n  members "a"\n}\n\ndefine z = 3\n',
  },
  {
    what: 'broken declarations stay as they are, their neighbours do not',
    text: 'define   a=1\npolicy   p { rule   x when }\ndefine   b=2',
    formatted: 'define a = 1\npolicy   p { rule   x when }\ndefine b = 2\n',
  },
  {
    what: 'a long body of a definition begins a line of its own, unless it breaks inside',
    text: `define asks(text: String): Bool = text matches "(?is).*(delete|remove|erase).{0,40}(file|document|mail).*"
define bags(membership: enum { regular, silver, gold }): Int = if membership == gold then 2 else if membership == silver then 1 else 0
define denied(error: String): Bool = error in ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"]
define spent = sum(amount) of RefundIssued where channel == chat and amount > 10 USD by customer over 24h`,
    formatted: `define asks(text: String): Bool =
  text matches "(?is).*(delete|remove|erase).{0,40}(file|document|mail).*"

define bags(membership: enum { regular, silver, gold }): Int =
  if membership == gold then 2 else if membership == silver then 1 else 0

define denied(error: String): Bool = error in [
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation"
]

define spent = sum(amount) of RefundIssued
  where channel == chat and amount > 10 USD
  by customer over 24h
`,
  },
  { what: 'an empty file stays empty', text: ' \n\n', formatted: '' },
  {
    what: 'line ends of Windows stay',
    text: 'define   a=1\r\n// x\r\ndefine b=2',
    formatted: 'define a = 1\r\n// x\r\ndefine b = 2\r\n',
  },
])('$what', ({ text, formatted }) => {
  expect(format(text)).toBe(formatted)
  expect(format(formatted)).toBe(formatted)
})

test('formatting the correct texts twice changes nothing more, and no line is too long', () => {
  for (const text of correctTexts) {
    const once = format(text)
    expect(format(once)).toBe(once)
    for (const line of once.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  }
})

test('a long alert of an objective breaks before its conditions', () => {
  const text = `module m

objective few of denied {
  target <= 1%
  warn "the budget of a whole month is gone within two days"
    when burn > 14.4 over 1h
    and burn > 14.4 over 5m
  warn when remaining < 20%
}
`
  expect(format(text)).toBe(text)
})

test('a range formats the declarations that it touches', () => {
  const text = 'define   a=1\ndefine   b=2\n'
  expect(formatDeclarations(parse('a.writ', text), { start: 14, end: 15 })).toEqual([
    { span: { start: 13, end: 25 }, text: 'define b = 2' },
  ])
})
