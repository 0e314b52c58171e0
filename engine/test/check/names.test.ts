/** W02xx: names and modules. */
import { expect, test } from 'vitest'
import { type Case, checkAll, expectMarked, fixed, rule, runCase } from './marked.ts'

const cases: Record<string, Case> = {
  'W0201 file without a module': {
    wrong: '[[W0201|role]] A { members "x" }',
    fine: 'module a\nrole A { members "x" }',
    fixed: 'module a\n\nrole A { members "x" }',
  },
  'W0202 name declared twice': {
    wrong: ['module m\nrole A { members "x" }', 'module m\ntype [[W0202|A]] = Int'],
    fine: ['module m\nrole A { members "x" }', 'module n\ntype A = Int'],
  },
  'W0203 unknown name': {
    wrong: rule('p.n > [[W0203|limt]]').replace('policy', 'define limit = 5\npolicy'),
    fine: rule('p.n > limit').replace('policy', 'define limit = 5\npolicy'),
    fixed: rule('p.n > limit').replace('policy', 'define limit = 5\npolicy'),
  },
  'W0203 a field without its alias': {
    wrong: rule('[[W0203|amount]] > 5 EUR'),
    fine: rule('p.amount > 5 EUR'),
    fixed: rule('p.amount > 5 EUR'),
  },
  'W0203 a name that another module has': {
    wrong: 'module m\npolicy q { on [[W0203|Paid]]  default deny }',
    fine: 'module m\nuse e { Paid }\npolicy q { on Paid  default deny }',
    fixed: 'module m\nuse e { Paid }\npolicy q { on Paid  default deny }',
  },
  'W0203 a name of a module that is imported from': {
    wrong: 'module m\nuse e { Refused }\npolicy q { on Refused, [[W0203|Paid]]  default deny }',
    fine: 'module m\nuse e { Refused, Paid }\npolicy q { on Refused, Paid  default deny }',
    fixed: 'module m\nuse e { Refused, Paid }\npolicy q { on Refused, Paid  default deny }',
  },
  'W0204 unknown module': {
    wrong: ['module m\nuse [[W0204|evnts]] { Paid }\npolicy q { on Paid  default deny }', 'module events'],
    fine: 'module m\nuse e { Paid }\npolicy q { on Paid  default deny }',
    fixed: 'module m\nuse events { Paid }\npolicy q { on Paid  default deny }',
  },
  'W0205 module without this name': {
    wrong: 'module m\nuse e { [[W0205|Piad]] as P }\npolicy q { on P  default deny }',
    fine: 'module m\nuse e { Paid as P }\npolicy q { on P  default deny }',
    fixed: 'module m\nuse e { Paid as P }\npolicy q { on P  default deny }',
  },
  'W0206 imported name is taken': {
    wrong: 'module m\nuse e { [[W0206|Lead]] }\nrole Lead { members "x" }',
    fine: 'module m\nuse e { Lead as Boss, Paid }\npolicy q { on Paid  default deny  rule r require approval from Boss }',
  },
  'W0207 import never used': {
    wrong: 'module m\nuse e { Paid, [[W0207|Refused]] }\npolicy q { on Paid  default deny }',
    fine: 'module m\nuse e { Paid, Refused }\npolicy q { on Paid, Refused  default deny }',
    fixed: 'module m\nuse e { Paid }\npolicy q { on Paid  default deny }',
  },
  'W0208 let never used': {
    wrong: rule('p.n > 1').replace('rule r', 'let [[W0208|big]] = p.n > 5\n rule r'),
    fine: rule('big').replace('rule r', 'let big = p.n > 5\n rule r'),
    fixed: rule('p.n > 1'),
  },
  'W0209 define never used': {
    wrong: 'module m\ndefine [[W0209|limit]] = 5',
    fine: rule('p.n > limit').replace('policy', 'define limit = 5\npolicy'),
  },
  'W0210 name of another kind': {
    wrong: 'module m\nuse e { Lead }\npolicy q { on [[W0210|Lead]]  default deny }',
    fine: 'module m\nuse e { Paid }\npolicy q { on Paid  default deny }',
  },
  'W0211 declaration in a circle': {
    wrong: 'module m\ndefine [[W0211|a]] = b\ndefine b = c\ndefine c = a + 1',
    fine: 'module m\ndefine a = b\ndefine b = c\ndefine c = 1',
  },
  'W0211 a type of itself': {
    wrong: 'module m\ntype [[W0211|Tree]] = { left: Tree? }',
    fine: 'module m\ntype Leaf = Int\ntype Tree = { left: Leaf? }',
  },
  'W0212 module or use out of place': {
    wrong: 'module m\nrole A { members "x" }\n[[W0212|use e { Paid }]]\npolicy q { on Paid  default deny }',
    fine: 'module m\nuse e { Paid }\nrole A { members "x" }\npolicy q { on Paid  default deny }',
  },
  'W0213 name given twice': {
    wrong: 'module m\ncontract C { a: Int  [[W0213|a]]: String }\ntype T = enum { x, [[W0213|x]] }',
    fine: 'module m\ncontract C { a: Int  b: String }\ntype T = enum { x, y }',
  },
  'W0214 unknown member': {
    wrong: rule('p.[[W0214|amunt]] > 5 EUR'),
    fine: rule('p.home.city == "Bern"'),
    fixed: rule('p.amount > 5 EUR'),
  },
  'W0215 unknown function': {
    wrong: rule('[[W0215|lenght]](p.who) > 5'),
    fine: rule('length(p.who) > 5'),
    fixed: rule('length(p.who) > 5'),
  },
  'W0216 name without a value': {
    wrong: rule('[[W0216|p]] == 1'),
    fine: rule('p.n == 1'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('a name of a broken declaration is not reported as unknown', () => {
  const { problems } = checkAll(
    'module m\ncontract Sent { a: }\npolicy q { on Sent as s  default deny  rule r when s.a > 1 permit }',
  )
  expect(problems.map(problem => problem.code)).not.toContain('W0203')
})

test('a mistake is reported once, however often its name is used', () => {
  expectMarked('module m\ndefine a = [[W0203|nothing]]\ndefine b = a + 1\ndefine c = if b > a then b else a')
})

test('names of defines shadow functions of the language', () => {
  expectMarked('module m\ndefine abs(n: Int): Int = n\ndefine two = abs(2)')
})

test('the last name of a use takes the use with it', () => {
  expect(fixed('module m\nuse e { [[W0207|Paid]] }\n\nrole A { members "x" }')).toBe(
    'module m\n\n\nrole A { members "x" }',
  )
})

test('a module may be spread over files', () => {
  expectMarked('module m\ndefine a = b', 'module m\ndefine b = 1')
})

test('modules may use each other in a circle; what they declare may not go in one', () => {
  expectMarked(
    'module one\nuse two { b }\ndefine a = b',
    'module two\nuse one { c }\ndefine b = 1\ndefine d = c',
    'module one\ndefine c = 2',
  )
  expectMarked('module one\nuse two { b }\ndefine [[W0211|a]] = b', 'module two\nuse one { a }\ndefine b = a')
})
