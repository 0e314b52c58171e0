/** docs/language.md, "Records that break their contract", for the values that tests give. */
import { absent, unknown, type Value } from '@writ/engine'
import { expect, test } from 'vitest'
import { conform } from '../../src/testing/conform.ts'
import { planOf } from '../reference/judge.ts'
import { eur, n, usd } from '../value/values.ts'

const [contract] = planOf(`
contract Refund {
  name: String matches "[a-c]+"  note: String?  n: Int in 1 .. 5  amount: Money<USD>  kind: enum { small, large }
  home: { city: String, zip: String? }  tags: List<String>  release: Version
}`).contracts
const good: Readonly<Record<string, Value>> = {
  name: 'abc',
  n: n(5),
  amount: usd(20),
  kind: 'small',
  home: { fields: { city: 'Bern' } },
  tags: ['a'],
  release: '1.0.0',
}

/** The values of the fields that `given` names, and the codes with the paths of the findings. */
function conformed(given: Readonly<Record<string, Value>>) {
  if (!contract) throw new Error('the contract is gone')
  const { fields, findings } = conform(contract, { ...good, ...given }, { file: 'f', line: null, index: 0 })
  return [Object.keys(given).map(name => fields[name]), findings.map(({ code, path }) => `${code} ${path}`)]
}

test.each<readonly [string, Readonly<Record<string, Value>>, Value, readonly string[]]>([
  ['a value that fits', { n: n(1) }, n(1), []],
  ['an optional field left out', { note: absent }, absent, []],
  ['a required field left out', { name: absent }, unknown, ['W2001 name']],
  ['a value of another type', { n: 'five' }, unknown, ['W2002 n']],
  ['a Decimal for an Int', { n: n('1.5') }, unknown, ['W2002 n']],
  ['a value out of range', { n: n(6) }, unknown, ['W2003 n']],
  ['a text against its pattern', { name: 'abd' }, unknown, ['W2004 name']],
  ['no member of the enum', { kind: 'huge' }, unknown, ['W2005 kind']],
  ['money of another currency', { amount: eur(5) }, unknown, ['W2006 amount']],
  ['a member of a record', { home: { fields: {} } }, { fields: { city: unknown, zip: absent } }, ['W2001 home.city']],
  ['an element of a list', { tags: ['a', n(1)] }, ['a', unknown], ['W2002 tags.1']],
  ['no version', { release: '1.0' }, unknown, ['W2002 release']],
])('%s', (_, given, value, findings) => expect(conformed(given)).toEqual([[value], findings]))
