/** What is still understood when something is broken: one problem per mistake, and everything around it. */
import { expect, test } from 'vitest'
import { parse, syntaxProblems } from '../src/parse.ts'
import { WritParser } from '../src/parser/writ-parser.ts'
import { outline } from './outline.ts'

test.each([
  {
    broken: 'policy p {\n  on A as r\n  rule a\n    when r.x >\n    deny "no"\n  rule b permit\n}',
    codes: ['W0101'],
    tree: [
      'policy(name=p items=[on(contracts=[A] alias=r), rule(name=a when=compare(operator=> left=member(object=r member=x) right=missing()) effect=decide(decision=deny text=[text(text=no)])), rule(name=b effect=decide(decision=permit))])',
    ],
  },
  {
    broken: 'policy p {\n  let a = ) (\n  rull b when c permt\n  blah blah\n  default deny\n}',
    codes: ['W0105', 'W0102', 'W0102', 'W0101'],
    tree: [
      'policy(name=p items=[let(name=a value=missing()), rule(name=b when=c effect=decide(decision=permit)), default(decision=deny)])',
    ],
  },
  {
    broken: 'contract A version 1.0.0 {\n  id: String key\n  amount Money\n  chek id != "" \n  at: Time time\n}',
    codes: ['W0101', 'W0102'],
    tree: [
      'contract(name=A version=1.0.0 fields=[(name=id type=String modifiers=[key]), (name=at type=Time modifiers=[time])] items=[check(condition=compare(operator=!= left=id right="") otherwise=reject)])',
    ],
  },
  {
    broken: 'contract A {\n  id: String key\n\npolicy p {\n  default deny\n}\ndefine a = 1',
    codes: ['W0104'],
    tree: [
      'contract(name=A fields=[(name=id type=String modifiers=[key])])',
      'policy(name=p items=[default(decision=deny)])',
      'define(name=a body=1)',
    ],
  },
  {
    broken: 'test "a" {\n  given A { b: 1 c: 2 }\n  expct deny\n  expect hold\n}',
    codes: ['W0101', 'W0102'],
    tree: ['test(title=a steps=[expect-decision(decision=deny), expect-decision(decision=hold)])'],
  },
  {
    broken: 'define a = "b\ndefine c = 2',
    codes: ['W0103'],
    tree: ['define(name=a body="b")', 'define(name=c body=2)'],
  },
  {
    broken: 'define a = (1 + 2\ndefine c = 2',
    codes: ['W0104'],
    tree: ['define(name=a body=arithmetic(operator=+ left=1 right=2))', 'define(name=c body=2)'],
  },
  {
    broken: 'source s {\n  formt csv\n  map A {\n    b = \n    c = 1\n  }\n}',
    codes: ['W0102', 'W0101'],
    tree: [
      'source(name=s items=[format(format=csv), map(contract=A fields=[(name=b value=missing()), (name=c value=1)])])',
    ],
  },
  { broken: 'nonsense here\ndefine a = 1', codes: ['W0101'], tree: ['broken()', 'define(name=a body=1)'] },
])('$broken', ({ broken, codes, tree }) => {
  const file = parse('a.writ', broken)
  expect(syntaxProblems(file).map(({ code }) => code)).toEqual(codes)
  expect(file.declarations.map(({ syntax }) => outline(syntax))).toEqual(tree)
})

test('every prefix of a policy is read, and at most three problems are reported', () => {
  const text =
    'policy p {\n  on A as r\n  default deny\n  rule a "t"\n    when r.x > 1 and count of A by k over 1d > 2\n    deny "no"\n    then page x { y: 1 }\n}'
  for (let end = 1; end <= text.length; end++) {
    const problems = syntaxProblems(parse('a.writ', text.slice(0, end)))
    expect({ end, many: problems.length > 3 }).toEqual({ end, many: false })
  }
})

test('the grammar passes chevrotain’s own validations', () => {
  expect(() => new WritParser({ validate: true })).not.toThrow()
})
