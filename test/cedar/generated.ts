/** Cedar policies, entities and requests by chance, over one schema: what the translation understands, as people write it. */
import type { CedarEntity, CedarRequest } from '@writ/ledger/cedar'
import type { Random } from '../differential/random.ts'

export const schema = `
type Meta = { kind: String, size?: Long };
entity Group;
entity Robot in [Group] = { level: Long };
entity User in [Group] = {
  name: String, level: Long, team?: String, tags: Set<String>, boss?: User, suspended: Bool,
};
entity Folder;
entity Doc in [Folder] = {
  owner: User, level: Long, title: String, isPublic?: Bool, readers: Set<User>, labels?: Set<String>, meta: Meta,
};
action write;
action view appliesTo {
  principal: [User, Robot], resource: [Doc], context: { mfa: Bool, amount?: Long, tags: Set<String> },
};
action edit, "delete it" in [write] appliesTo {
  principal: [User], resource: [Doc], context: { mfa: Bool, amount?: Long, tags: Set<String>, reason: String },
};
`

const texts = ['a', 'b', 'red*', 'x?y', 'Zoë "z"', '']
const users = ['ana', 'bo', 'kim']
const groups = ['g1', 'g2', 'g3']

export function policiesBy(random: Random): string {
  const number = 1 + random.between(0, 3)
  return Array.from({ length: number }, (_, i) => `@id("p${i}")\n${policyBy(random)}`).join('\n')
}

function policyBy(random: Random): string {
  const [principal, isUser] = random.pick([
    ['principal', false],
    ['principal is User', true],
    [`principal == User::"${random.pick(users)}"`, true],
    [`principal in Group::"${random.pick(groups)}"`, false],
    [`principal is User in Group::"${random.pick(groups)}"`, true],
  ] as const)
  const action = random.pick([
    'action',
    'action == Action::"view"',
    'action in Action::"write"',
    'action in [Action::"edit", Action::"view"]',
  ])
  const resource = random.pick(['resource', 'resource == Doc::"d1"', 'resource in Folder::"f1"', 'resource is Doc'])
  const onUser = isUser || action === 'action in Action::"write"'
  const conditions = Array.from(
    { length: random.between(0, 2) },
    () => `${random.pick(['when', 'unless'])} { ${boolean(random, 3, onUser)} }`,
  )
  return `${random.pick(['permit', 'permit', 'forbid'])} (${principal}, ${action}, ${resource})\n${conditions.join('\n')};`
}

function boolean(random: Random, depth: number, onUser: boolean): string {
  const inner = () => boolean(random, depth - 1, onUser)
  if (depth > 0 && random.chance(50))
    return random.pick([
      () => `(${inner()} && ${inner()})`,
      () => `(${inner()} || ${inner()})`,
      () => `!(${inner()})`,
      () => `(if ${inner()} then ${inner()} else ${inner()})`,
      () => `(resource has isPublic && ${random.pick(['resource.isPublic', '!resource.isPublic'])})`,
      () => `(resource.meta has size && resource.meta.size ${order(random)} ${long(random, 1)})`,
      () => `(context has amount && context.amount ${order(random)} ${long(random, 2)})`,
      () => `(resource has labels && resource.labels.containsAny(${set(random)}))`,
      () => `(principal is User && ${boolean(random, depth - 1, true)})`,
      () => (onUser ? '(principal has boss && principal.boss == resource.owner)' : '!(principal has boss)'),
      () => (onUser ? '(principal has boss && principal.boss has team && principal.boss.team == "a")' : 'true'),
    ])()
  return random.pick([
    ...(onUser ? userTests : []),
    () => `resource.level ${order(random)} ${long(random, 2)}`,
    () => `principal.level ${order(random)} ${long(random, 2)}`,
    () => `resource.title ${random.pick(['==', '!='])} ${text(random)}`,
    () => `resource.title like ${random.pick(['"*"', '"r*\\\\*"', '"x?y"', '"a*"', '"*\\"*"'])}`,
    () => `resource.meta.kind == ${text(random)}`,
    () => `resource.meta == {kind: ${text(random)}, size: 3}`,
    () =>
      `context.tags.${random.pick(['contains("a")', `containsAll(${set(random)})`, `containsAny(${set(random)})`, 'isEmpty()'])}`,
    () => 'context.mfa',
    () => `principal in [Group::"g1", Group::"${random.pick(groups)}"]`,
    () => `resource.owner in Group::"${random.pick(groups)}"`,
    () => 'resource in Folder::"f2"',
    () => `resource.owner.name like "${random.pick(['a*', '*o', 'kim'])}"`,
    () => 'principal is Robot',
    () => 'resource has isPublic',
    () => `action ${random.pick(['==', '!='])} Action::"edit"`,
    () => 'action in Action::"write"',
  ])()
}

const userTests = [
  () => 'principal == resource.owner',
  () => 'principal.suspended',
  () => 'resource.readers.contains(principal)',
  () => 'principal in resource.readers',
  () => 'resource.owner.tags.containsAll(principal.tags)',
  () => 'principal.name == resource.owner.name',
  () => 'principal has team',
  () => '(if principal.suspended then 1 else principal.level) < resource.level',
]

function order(random: Random): string {
  return random.pick(['<', '<=', '>', '>=', '==', '!='])
}
function text(random: Random): string {
  return JSON.stringify(random.pick(texts))
}
function set(random: Random): string {
  return `[${Array.from({ length: 1 + random.between(0, 1) }, () => text(random)).join(', ')}]`
}
function long(random: Random, depth: number): string {
  if (depth === 0 || random.chance(50)) return String(random.between(0, 5))
  return random.pick([
    () => `(${long(random, depth - 1)} + ${long(random, depth - 1)})`,
    () => `(resource.level - ${long(random, depth - 1)})`,
    () => `-${long(random, depth - 1)}`,
    () => `(principal.level * ${random.between(0, 3)})`,
  ])()
}

export function entitiesBy(random: Random): readonly CedarEntity[] {
  const group = (id: string, parents: readonly string[]): CedarEntity => ({
    uid: { type: 'Group', id },
    attrs: {},
    parents: parents.map(parent => ({ type: 'Group', id: parent })),
  })
  const member = () => (random.chance(50) ? [] : [{ type: 'Group', id: random.pick(groups) }])
  const folder = () => (random.chance(50) ? [] : [{ type: 'Folder', id: random.pick(['f1', 'f2']) }])
  const ref = (id: string) => ({ __entity: { type: 'User', id } })
  const some = <T>(make: () => T) => Array.from({ length: random.between(0, 2) }, make)
  const maybe = (name: string, make: () => unknown) => (random.chance(50) ? {} : { [name]: make() })
  return [
    group('g1', []),
    // Groups cannot stand in groups by the schema.
    group('g2', []),
    group('g3', []),
    { uid: { type: 'Folder', id: 'f1' }, attrs: {}, parents: [] },
    { uid: { type: 'Folder', id: 'f2' }, attrs: {}, parents: [] },
    { uid: { type: 'Robot', id: 'r1' }, attrs: { level: random.between(0, 5) }, parents: member() },
    ...users.map(
      (id): CedarEntity => ({
        uid: { type: 'User', id },
        attrs: {
          name: id,
          level: random.between(0, 5),
          tags: some(() => random.pick(texts)),
          suspended: random.chance(50),
          ...maybe('team', () => random.pick(texts)),
          ...maybe('boss', () => ref(random.pick(users))),
        },
        parents: member(),
      }),
    ),
    ...['d1', 'd2'].map(
      (id): CedarEntity => ({
        uid: { type: 'Doc', id },
        attrs: {
          owner: ref(random.pick(users)),
          level: random.between(0, 5),
          title: random.pick(texts),
          readers: some(() => ref(random.pick(users))),
          meta: { kind: random.pick(texts), ...maybe('size', () => random.between(0, 5)) },
          ...maybe('isPublic', () => random.chance(50)),
          ...maybe('labels', () => some(() => random.pick(texts))),
        },
        parents: folder(),
      }),
    ),
  ]
}

export function requestsBy(random: Random, number: number): readonly CedarRequest[] {
  return Array.from({ length: number }, () => {
    const action = random.pick(['view', 'edit', 'delete it'])
    const principal =
      action === 'view' && random.chance(25) ? { type: 'Robot', id: 'r1' } : { type: 'User', id: random.pick(users) }
    const context = {
      mfa: random.chance(50),
      tags: Array.from({ length: random.between(0, 2) }, () => random.pick(texts)),
      ...(random.chance(50) ? {} : { amount: random.between(0, 5) }),
      ...(action === 'view' ? {} : { reason: 'asked' }),
    }
    return {
      principal,
      action: { type: 'Action', id: action },
      resource: { type: 'Doc', id: random.pick(['d1', 'd2']) },
      context,
    }
  })
}
