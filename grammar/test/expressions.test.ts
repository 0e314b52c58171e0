/** How expressions are read: precedence, literals, history forms. */
import { expect, test } from 'vitest'
import { parse, syntaxProblems } from '../src/parse.ts'
import { outline } from './outline.ts'

test.each([
  // Literals.
  ['1_000', '1000'],
  ['0.5', '0.5'],
  ['95%', '95'],
  ['1_250.50 EUR', '1250.50 EUR'],
  ['1h30m', '5400000 1h30m'],
  ['2w', '1209600000 2w'],
  ['250ms', '250 250ms'],
  ['2026-11-20T09:00:00Z', '2026-11-20T09:00:00Z'],
  ['2.1.0', '2.1.0'],
  ['"a\\u{1F600}\\n\\"b\\""', '"a😀\\n\\"b\\""'],
  ['true', 'true'],
  ['-3', 'negate(operand=3)'],
  // Precedence, loosest first.
  ['a or b and not c == d', 'or(operands=[a, and(operands=[b, not(operand=compare(operator=== left=c right=d))])])'],
  ['a and b and c', 'and(operands=[a, b, c])'],
  ['(a and b) and c', 'and(operands=[and(operands=[a, b]), c])'],
  [
    '1 + 2 * 3 - 4',
    'arithmetic(operator=- left=arithmetic(operator=+ left=1 right=arithmetic(operator=* left=2 right=3)) right=4)',
  ],
  ['-a.b ?? c', 'negate(operand=default(value=member(object=a member=b) otherwise=c))'],
  ['a ?? -1 < 2', 'compare(operator=< left=default(value=a otherwise=negate(operand=1)) right=2)'],
  ['(1 + 2) * 3', 'arithmetic(operator=* left=arithmetic(operator=+ left=1 right=2) right=3)'],
  // Comparisons.
  ['a in [1, 2]', 'in-list(item=a list=list(items=[1, 2]))'],
  ['a not in b.c', 'in-list(negated=true item=a list=member(object=b member=c))'],
  [
    'a in 1 + 1 .. 2 * 3',
    'in-range(item=a low=arithmetic(operator=+ left=1 right=1) high=arithmetic(operator=* left=2 right=3))',
  ],
  ['a not in 1h .. 2h and b', 'and(operands=[in-range(negated=true item=a low=3600000 1h high=7200000 2h), b])'],
  ['a not like "*.exe"', 'text-test(operator=like negated=true left=a right="*.exe")'],
  ['a is present or b is absent', 'or(operands=[present(operand=a), present(negated=true operand=b)])'],
  // Everything else that is a value.
  ['if a then b else if c then d else e', 'if(condition=a then=b otherwise=if(condition=c then=d otherwise=e))'],
  ['{ when: 1, b: [] }', 'record(fields=[(name=when value=1), (name=b value=list())])'],
  ['items.0.1.when', 'member(object=member(object=member(object=items member=0) member=1) member=when)'],
  ['mask(s, keep: 4)', 'call(function=mask arguments=[s, (label=keep value=4)])'],
  [
    'any x in xs where x > 1 and y',
    'quantified(quantifier=any variable=x list=xs where=and(operands=[compare(operator=> left=x right=1), y]))',
  ],
  ['it.a == now', 'compare(operator=== left=member(object=it() member=a) right=now())'],
  // Keywords that are not reserved are names.
  [
    'count + policy.rule - at',
    'arithmetic(operator=- left=arithmetic(operator=+ left=count right=member(object=policy member=rule)) right=at)',
  ],
  // History.
  [
    'count of A by k over 10m > 20',
    'compare(operator=> left=aggregate(function=count event=A window=(keys=[k] range=over(duration=600000 10m))) right=20)',
  ],
  [
    'sum(x) of A as a where a.y by k, l = r.m per day before this',
    'aggregate(function=sum value=x event=(contract=A alias=a where=member(object=a member=y)) window=(keys=[k, (name=l value=member(object=r member=m))] range=per(unit=day) beforeThis=true))',
  ],
  [
    'quantile(x, 95%) of A by all per month in "Europe/Zurich"',
    'aggregate(function=quantile value=x parameter=95 event=A window=(everyone=true range=per(unit=month zone=Europe/Zurich)))',
  ],
  [
    'drift(x against base) of A by k over 4w',
    'aggregate(function=drift value=x parameter=base event=A window=(keys=[k] range=over(duration=2419200000 4w)))',
  ],
  [
    'min(a, b) + min(a) of B by k over 1d',
    'arithmetic(operator=+ left=call(function=min arguments=[a, b]) right=aggregate(function=min value=a event=B window=(keys=[k] range=over(duration=86400000 1d))))',
  ],
  [
    'no A where b by k since C where d',
    'exists(negated=true event=(contract=A where=b) window=(keys=[k] range=since(event=(contract=C where=d))))',
  ],
  [
    'A where x then B then C by k over 1h and y',
    'and(operands=[sequence(steps=[(contract=A where=x), B, C] window=(keys=[k] range=over(duration=3600000 1h))), y])',
  ],
  [
    'if a then b else c then d by k over 1h',
    'if(condition=a then=b otherwise=sequence(steps=[c, d] window=(keys=[k] range=over(duration=3600000 1h))))',
  ],
  // What the text leaves out is null in the tree; the checker asks for it.
  ['count of A', 'aggregate(function=count event=A window=())'],
])('%s', (text, tree) => {
  const file = parse('a.writ', `define a = ${text}`)
  expect(syntaxProblems(file)).toEqual([])
  const [declaration] = file.declarations
  expect(declaration?.syntax.kind === 'define' ? outline(declaration.syntax.body) : declaration?.syntax.kind).toBe(tree)
})
