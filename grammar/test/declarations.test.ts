/** How declarations are read: one of each kind, where names may be keywords, and what documentation belongs to. */
import { expect, test } from 'vitest'
import { parse, syntaxProblems } from '../src/parse.ts'
import { outline } from './outline.ts'
import { correctTexts } from './programs.ts'

test.each([
  ['module acme.refunds', 'module(name=acme.refunds)'],
  ['use acme.events { A, B as C }', 'use(module=acme.events names=[A, (name=B alias=C)])'],
  ['type A = enum { a, b }', 'type(name=A type=enum(members=[a, b]))'],
  ['type A = List<Money<EUR>>?', 'type(name=A type=optional-type(inner=list-type(element=Money<EUR>)))'],
  [
    'type A = Decimal? in -1 .. 1.5',
    'type(name=A type=range-type(base=optional-type(inner=Decimal) low=negate(operand=1) high=1.5))',
  ],
  ['type A = String matches "[a-z]{2}"', 'type(name=A type=pattern-type(base=String pattern=[a-z]{2}))'],
  [
    'type A = { b: Int, c: Int? secret }',
    'type(name=A type=record-type(fields=[(name=b type=Int), (name=c type=optional-type(inner=Int) modifiers=[secret])]))',
  ],
  ['define a(b: Int): Int = b', 'define(name=a parameters=[(name=b type=Int)] result=Int body=b)'],
  [
    'contract A version 1.0.0 { compatibility full transitive id: String key personal(identifier) check: Int check check > 0 else warn "low" freshness 5m quality f(x) >= 99% over 1d retention 400d }',
    'contract(name=A version=1.0.0 fields=[(name=id type=String modifiers=[key, (name=personal argument=identifier)]), (name=check type=Int)] items=[compatibility(mode=full transitive=true), check(condition=compare(operator=> left=check right=0) otherwise=warn message=low), freshness(duration=300000 5m), quality(condition=compare(operator=>= left=call(function=f arguments=[x]) right=99) over=86400000 1d), retention(duration=34560000000 400d)])',
  ],
  [
    'source s { format csv files "a", "b" time at as seconds lateness 5m reject map A when k == "x" { in = raw("y-z") b = 1 } map B { } }',
    'source(name=s items=[format(format=csv), files(patterns=[a, b]), time(path=at unit=seconds), lateness(duration=300000 5m mode=reject), map(contract=A when=compare(operator=== left=k right="x") fields=[(name=in value=call(function=raw arguments=["y-z"])), (name=b value=1)]), map(contract=B)])',
  ],
  ['sample A { when: 1 }', 'sample(contract=A fields=[(name=when value=1)])'],
  ['role A { members "a", b.c }', 'role(name=A members=["a", member(object=b member=c)])'],
  ['role A { from table leads }', 'role(name=A table=leads)'],
  [
    'role A { members "a" delegate "a" to "b" from 2026-01-01 until 2026-02-01 delegate "a" to "c" from table leads }',
    'role(name=A members=["a"] delegations=[(member="a" deputy="b" from=2026-01-01 until=2026-02-01), (member="a" deputy="c")] table=leads)',
  ],
  ['table t by a, b from C where d { e: f }', 'table(name=t keys=[a, b] contract=C where=d fields=[(name=e value=f)])'],
  ['layers a > b > c', 'layers(names=[a, b, c])'],
  [
    'rollout r of p version 1.0.0 { owner "a" replaces o from 2026-11-01 shadow for 7d canary 5% by c, d for 1d canary 50% by c, d promote when a > 1 rollback when b until 2026-12-31 }',
    'rollout(name=r policy=p version=1.0.0 items=[owner(owner=a), replaces(policy=o), from(time=2026-11-01), shadow(duration=604800000 7d), canary(share=5 keys=[c, d] duration=86400000 1d), canary(share=50 keys=[c, d]), promote(condition=compare(operator=> left=a right=1)), rollback(condition=b), until(time=2026-12-31)])',
  ],
  [
    'exception e { rule p.r when a == "x" granted by "b" from 2026-12-01 until 2026-12-31 because "c" }',
    'exception(name=e items=[rule(policy=p rule=r), when(condition=compare(operator=== left=a right="x")), granted(by="b"), from(time=2026-12-01), until(time=2026-12-31), because(text=c)])',
  ],
  [
    'objective o of i { target >= 95% over 30d warn "soon" when burn > 14 over 1h and remaining < 20% }',
    'objective(name=o indicator=i items=[target(operator=>= value=95 range=over(duration=2592000000 30d)), warn(text=soon conditions=[(measure=burn operator=> limit=14 over=3600000 1h), (measure=remaining operator=< limit=20)])])',
  ],
  [
    'property p "t" { for all A, B as r where r.n > 1 never permit or warn by q.s always deny }',
    'property(name=p title=t items=[for(contracts=[A, B] alias=r where=compare(operator=> left=member(object=r member=n) right=1)), claim(decisions=[permit, warn] by=q.s), claim(always=true decisions=[deny])])',
  ],
  [
    'indicator i = share(x) of A by all over 30d',
    'indicator(name=i value=aggregate(function=share value=x event=A window=(everyone=true range=over(duration=2592000000 30d))))',
  ],
  [
    'indicator i = share(fulfilled) of outcomes of p.r where x by k over 30d',
    'indicator(name=i value=aggregate(function=share value=fulfilled event=(stream=outcomes contract=p rule=r where=x) window=(keys=[k] range=over(duration=2592000000 30d))))',
  ],
  [
    'sink s { accepts personal(identifier), secret }',
    'sink(name=s accepts=[(name=personal argument=identifier), secret])',
  ],
  [
    'policy p version 1.0.0 { owner "o" on A, B as r combine first default deny because "{r.x}!" layer l mode shadow let a = 1 }',
    'policy(name=p version=1.0.0 items=[owner(owner=o), on(contracts=[A, B] alias=r), combine(mode=first), default(decision=deny because=[hole(value=member(object=r member=x)), text(text=!)]), layer(layer=l), mode(mode=shadow), let(name=a value=1)])',
  ],
  [
    'policy p { rule deny "t" require approval from 2 of R within 30m else approval from S else deny "no" because "x" then page then tell s { a: 1 } }',
    'policy(name=p items=[rule(name=deny title=t effect=require-approval(stages=[(role=R quorum=2 within=1800000 30m), (role=S quorum=1)] otherwise=decide(decision=deny text=[text(text=no)])) because=[text(text=x)] then=[page, (verb=tell target=s fields=[(name=a value=1)])])])',
  ],
  [
    'policy p { rule a after B as i expect C where it.x == i.x within 2d else warn then open { y: 1 } rule b when c deny "d" for 15m by e, f = g }',
    'policy(name=p items=[rule(name=a after=(contract=B alias=i) effect=expect(event=(contract=C where=compare(operator=== left=member(object=it() member=x) right=member(object=i member=x))) within=172800000 2d otherwise=decide(decision=warn)) then=[(verb=open fields=[(name=y value=1)])]), rule(name=b when=c effect=decide(decision=deny text=[text(text=d)] lasting=(duration=900000 15m keys=[e, (name=f value=g)])))])',
  ],
  [
    'test "t" {\n given A { b: 1 } at 09:00\n at 09:31 expect approval from R\n approve by "k" as R at 09:40\n at 2026-11-20\n expect deny by p.r\n expect fulfilled s\n expect then page x { y: 1 }\n expect problem W2003\n expect hold.x == 1\n}',
    'test(title=t steps=[given(contract=A fields=[(name=b value=1)] at=09:00), expect-approval(role=R at=09:31), approve(person="k" role=R at=09:40), at(at=2026-11-20), expect-decision(decision=deny rule=p.r), expect-status(status=fulfilled rule=s), expect-obligation(obligation=(verb=page target=x fields=[(name=y value=1)])), expect-problem(code=W2003), expect-value(value=compare(operator=== left=member(object=hold member=x) right=1))])',
  ],
])('%s', (text, tree) => {
  const file = parse('a.writ', text)
  expect(syntaxProblems(file)).toEqual([])
  expect(file.declarations.map(({ syntax }) => outline(syntax))).toEqual([tree])
})

test.each(correctTexts.map((text, index) => [index, text]))(
  'correct text %i has no problems and full spans',
  (_, text) => {
    const file = parse('a.writ', String(text))
    expect(syntaxProblems(file)).toEqual([])
    for (const { syntax, start, end, text: own } of file.declarations) {
      expect(syntax.kind).not.toBe('broken')
      expect(String(text).slice(start, end)).toBe(own)
      expect(syntax.span.end).toBe(own.length)
    }
  },
)

test('every soft keyword may be a name', async () => {
  const { softWords } = await import('../src/keywords.ts')
  for (const word of Object.keys(softWords)) {
    const text = `define ${word}(${word}: Int): Int = ${word} + a.${word}
contract ${word} version 1.0.0 { ${word}: String key }
policy ${word} {
  on ${word} as ${word}
  default deny
  let ${word} = count of ${word} as ${word} where ${word} by ${word} = ${word}, ${word} over 1d
  rule ${word} when ${word}.${word} and ${word} == ${word} or ${word} permit
}
sample ${word} { ${word}: ${word} }
`
    expect({ word, problems: syntaxProblems(parse('a.writ', text)) }).toEqual({ word, problems: [] })
  }
})

test('documentation belongs to what stands below it', () => {
  const text = `/// What is paid.
/// And how.
contract Paid version 1.0.0 {
  /// Who pays.
  customer: String // not this
  amount: Money
}
policy p {
  on Paid as r
  default deny
  /// So far.
  let spent = 1
  /// Small ones.
  rule small permit
}`
  const [contract, policy] = parse('a.writ', text).declarations.map(({ syntax }) => syntax)
  expect(contract?.documentation).toBe('What is paid.\nAnd how.')
  expect(contract?.kind === 'contract' && contract.fields.map(field => field.documentation)).toEqual([
    'Who pays.',
    null,
  ])
  const items = policy?.kind === 'policy' ? policy.items : []
  expect(items.map(item => ('documentation' in item ? item.documentation : null))).toEqual([
    null,
    null,
    'So far.',
    'Small ones.',
  ])
})

test('places are relative to the declaration, in holes of texts too', () => {
  const text = 'define a = 1\npolicy p {\n  default deny because "so {r.amount} is"\n}'
  const { start, syntax } = parse('a.writ', text).declarations[1] ?? {}
  const item = syntax?.kind === 'policy' ? syntax.items[0] : undefined
  const hole = item?.kind === 'default' ? item.because?.parts[1] : undefined
  const span = hole?.kind === 'hole' ? hole.value.span : { start: 0, end: 0 }
  expect(text.slice((start ?? 0) + span.start, (start ?? 0) + span.end)).toBe('r.amount')
})
