/** Small examples of policies as users of Cedar write them, with entities and requests; each was written for this project. */
import type { CedarEntity, CedarRequest } from '@writ/ledger/cedar'

export interface CedarExample {
  readonly name: string
  readonly policies: string
  readonly schema: string
  readonly entities: readonly CedarEntity[]
  readonly requests: readonly CedarRequest[]
  /** How many of the requests are allowed. */
  readonly allowed: number
}

const uid = (type: string, id: string) => ({ type, id })
const entity = (
  type: string,
  id: string,
  attrs: CedarEntity['attrs'] = {},
  parents: CedarEntity['parents'] = [],
): CedarEntity => ({
  uid: uid(type, id),
  attrs,
  parents,
})
const ref = (type: string, id: string) => ({ __entity: { type, id } })

/** Every principal with every action and resource. */
function everybody(
  principals: readonly CedarRequest['principal'][],
  actions: readonly CedarRequest['action'][],
  resources: readonly CedarRequest['resource'][],
  contexts: readonly CedarRequest['context'][] = [{}],
): readonly CedarRequest[] {
  return principals.flatMap(principal =>
    actions.flatMap(action =>
      resources.flatMap(resource => contexts.map(context => ({ principal, action, resource, context }))),
    ),
  )
}

export const examples: readonly CedarExample[] = [
  {
    name: 'a photo album: roles, owners, and what is private',
    policies: `
      @id("friends see shared albums")
      permit (principal in Team::"friends", action == Action::"look", resource in Album::"shared");
      @id("owners do everything")
      permit (principal, action in Action::"everything", resource) when { resource.owner == principal };
      @id("private")
      forbid (principal, action, resource) when { resource.private } unless { resource.owner == principal };`,
    schema: `
      entity Team; entity Album;
      entity Person in [Team];
      entity Photo in [Album] { owner: Person, private: Bool };
      action everything;
      action look, remove in [everything] appliesTo { principal: Person, resource: Photo };`,
    entities: [
      entity('Team', 'friends'),
      entity('Album', 'shared'),
      entity('Person', 'ana', {}, [uid('Team', 'friends')]),
      entity('Person', 'bo'),
      entity('Photo', 'lake', { owner: ref('Person', 'bo'), private: false }, [uid('Album', 'shared')]),
      entity('Photo', 'diary', { owner: ref('Person', 'bo'), private: true }, [uid('Album', 'shared')]),
    ],
    requests: everybody(
      [uid('Person', 'ana'), uid('Person', 'bo')],
      [uid('Action', 'look'), uid('Action', 'remove')],
      [uid('Photo', 'lake'), uid('Photo', 'diary')],
    ),
    allowed: 5,
  },
  {
    name: 'payments: numbers, decimals, optional context',
    policies: `
      permit (principal is Bank::Agent, action == Bank::Action::"pay", resource)
      when { context.amount.lessThanOrEqual(principal.limit) };
      permit (principal, action == Bank::Action::"pay", resource)
      when { context has approvals && context.approvals >= 2 };
      forbid (principal, action, resource)
      when { resource.country != "CH" && !(principal.countries.contains(resource.country)) };`,
    schema: `namespace Bank {
      entity Agent { limit: decimal, countries: Set<String> };
      entity Account { country: String };
      action pay appliesTo { principal: Agent, resource: Account, context: { amount: decimal, approvals?: Long } };
    }`,
    entities: [
      entity('Bank::Agent', 'a', { limit: { __extn: { fn: 'decimal', arg: '50.5' } }, countries: ['DE'] }),
      entity('Bank::Account', 'home', { country: 'CH' }),
      entity('Bank::Account', 'near', { country: 'DE' }),
      entity('Bank::Account', 'far', { country: 'US' }),
    ],
    requests: everybody(
      [uid('Bank::Agent', 'a')],
      [uid('Bank::Action', 'pay')],
      [uid('Bank::Account', 'home'), uid('Bank::Account', 'near'), uid('Bank::Account', 'far')],
      [
        { amount: { __extn: { fn: 'decimal', arg: '50.5' } } },
        { amount: { __extn: { fn: 'decimal', arg: '50.51' } } },
        { amount: { __extn: { fn: 'decimal', arg: '99.0' } }, approvals: 2 },
      ],
    ),
    allowed: 4,
  },
  {
    name: 'times: office hours and an embargo',
    policies: `
      permit (principal, action == Action::"read", resource)
      when { context.now >= resource.released || context.now.durationSince(resource.released) >= duration("-1h") };
      forbid (principal, action, resource)
      unless { context.now.offset(context.zone).toTime() >= duration("8h") && context.now.offset(context.zone).toTime() < duration("18h") };
      forbid (principal, action, resource) when { context.now.toDate() == datetime("2026-12-25") };`,
    schema: `
      entity Reader;
      entity Report { released: datetime };
      action read appliesTo { principal: Reader, resource: Report, context: { now: datetime, zone: duration } };`,
    entities: [
      entity('Reader', 'r'),
      entity('Report', 'q3', { released: { __extn: { fn: 'datetime', arg: '2026-11-20T09:00:00Z' } } }),
    ],
    requests: everybody(
      [uid('Reader', 'r')],
      [uid('Action', 'read')],
      [uid('Report', 'q3')],
      [
        ['2026-11-20T07:59:59Z', '1h'],
        ['2026-11-20T08:00:00Z', '1h'],
        ['2026-11-20T16:59:59Z', '1h'],
        ['2026-11-20T17:00:00Z', '1h'],
        ['2026-11-20T17:00:00+0200', '-2h'],
        ['2026-12-25T10:00:00Z', '0h'],
      ].map(([now, zone]) => ({
        now: { __extn: { fn: 'datetime', arg: now } },
        zone: { __extn: { fn: 'duration', arg: zone } },
      })),
    ),
    allowed: 3,
  },
  {
    name: 'a schema as JSON',
    policies:
      'permit (principal, action, resource) when { principal.clearance >= resource.level && resource.labels.containsAll(["ok"]) };',
    schema: JSON.stringify({
      '': {
        entityTypes: {
          User: { shape: { type: 'Record', attributes: { clearance: { type: 'Long' } } } },
          File: {
            shape: {
              type: 'Record',
              attributes: { level: { type: 'Long' }, labels: { type: 'Set', element: { type: 'String' } } },
            },
          },
        },
        actions: { open: { appliesTo: { principalTypes: ['User'], resourceTypes: ['File'] } } },
      },
    }),
    entities: [
      entity('User', 'low', { clearance: 1 }),
      entity('User', 'high', { clearance: 3 }),
      entity('File', 'plan', { level: 2, labels: ['ok', 'x'] }),
      entity('File', 'note', { level: 0, labels: [] }),
    ],
    requests: everybody(
      [uid('User', 'low'), uid('User', 'high')],
      [uid('Action', 'open')],
      [uid('File', 'plan'), uid('File', 'note')],
    ),
    allowed: 1,
  },
]
