/** W087x: rollouts; and what they become. */
import { expect, test } from 'vitest'
import { type Case, checkAll, runCase } from './marked.ts'

/** Policies `q` and `old` of Paid, `other` of Refused, `both`, `tried` in shadow; and a rollout of `q`. */
function rollout(items: string, head = 'x of q version 2.0.0'): string {
  return `module m
use e { Paid, Refused }
layers global > team
policy q version 2.0.0 { layer team on Paid as p default permit rule r when p.n > 1 deny }
policy old version 1.0.0 { layer team on Paid as p default permit }
policy high version 1.0.0 { layer global on Paid as p default permit }
policy other version 1.0.0 { layer team on Refused as p default permit }
policy both version 1.0.0 { on Paid, Refused as p default permit }
policy tried version 1.0.0 { layer team mode shadow on Paid as p default permit }
policy waits version 1.0.0 { rule e after Paid as i expect Refused where it.who == i.who within 1d else warn }
rollout ${head} { ${items} }`
}

const cases: Record<string, Case> = {
  'W0860 a condition that may never hold': {
    wrong: rollout('shadow for 7d promote when count of decisions > 9', '[[W0860|x]] of q'),
    fine: rollout('shadow for 7d promote when count of decisions > 9 until 2026-12-31', 'x of q'),
  },
  'W0860 stages without a time': {
    wrong: rollout('shadow for 1d canary 10% by who', '[[W0860|x]] of q'),
    fine: rollout('shadow for 1d canary 10% by who for 7d', 'x of q'),
  },
  'W0861 no stage': {
    wrong: rollout('until 2026-12-31', '[[W0861|x]] of q'),
    fine: rollout('shadow for 1d until 2026-12-31', 'x of q'),
  },
  'W0862 another version': {
    wrong: rollout('shadow for 1d', 'x of q version [[W0862|2.0.1]]'),
    fine: rollout('shadow for 1d', 'x of q version 2.0.0'),
    fixed: rollout('shadow for 1d', 'x of q version 2.0.0'),
  },
  'W0863 two of one policy': {
    wrong: `${rollout('shadow for 1d')}\nrollout y of [[W0863|q]] { shadow for 2d }`,
    fine: `${rollout('shadow for 1d')}\nrollout y of other { shadow for 2d }`,
  },
  'W0864 shadow after a canary': {
    wrong: rollout('canary 10% by who for 1d [[W0864|shadow for 1d]]'),
    fine: rollout('shadow for 1d canary 10% by who for 1d'),
  },
  'W0864 a share that is not larger': {
    wrong: rollout('canary 10% by who for 1d canary [[W0864|10%]] by who for 1d'),
    fine: rollout('canary 10% by who for 1d canary 10.5% by who for 1d canary 100% by who for 1d'),
  },
  'W0864 a share that is none': {
    wrong: rollout('canary [[W0864|100.5%]] by who for 1d'),
    fine: rollout('canary 100% by who for 1d'),
  },
  'W0864 another key': {
    wrong: rollout('canary 10% by who for 1d [[W0864|canary 20% by who, id for 1d]]'),
    fine: rollout('canary 10% by who, id for 1d canary 20% by who, id for 1d'),
  },
  'W0865 no such key': {
    wrong: rollout('canary 10% by [[W0865|whom]] for 1d'),
    fine: rollout('canary 10% by payer for 1d'),
  },
  'W0865 a key of many values': {
    wrong: rollout('canary 10% by [[W0865|tags]] for 1d'),
    fine: rollout('canary 10% by channel for 1d'),
  },
  'W0865 a key that only some events have': {
    wrong: rollout('canary 10% by [[W0865|payer]] for 1d', 'x of both'),
    fine: rollout('canary 10% by who for 1d', 'x of both'),
  },
  'W0865 a key that is secret': {
    wrong:
      'module m\ncontract Login version 1.0.0 { id: String key  pin: String secret }\npolicy q { on Login default deny }\nrollout x of q { canary 10% by [[W0865|pin]] for 1d }',
    fine: 'module m\ncontract Login version 1.0.0 { id: String key  pin: String secret }\npolicy q { on Login default deny }\nrollout x of q { canary 10% by id for 1d }',
  },
  'W0866 a policy that decides nothing': {
    wrong: rollout('shadow for 1d', 'x of [[W0866|waits]]'),
    fine: rollout('shadow for 1d', 'x of other'),
  },
  'W0866 a policy in shadow for good': {
    wrong: rollout('shadow for 1d', 'x of [[W0866|tried]]'),
    fine: rollout('shadow for 1d', 'x of old'),
  },
  'W0866 in its own place': {
    wrong: rollout('shadow for 1d [[W0866|replaces q]]'),
    fine: rollout('shadow for 1d replaces old'),
  },
  'W0866 in the place of a policy of another layer': {
    wrong: rollout('shadow for 1d [[W0866|replaces high]]'),
    fine: rollout('shadow for 1d replaces old'),
  },
  'W0866 in the place of a policy of other events': {
    wrong: rollout('shadow for 1d [[W0866|replaces other]]'),
    fine: rollout('shadow for 1d replaces old'),
  },
  'W0866 in the place of a policy that does not count': {
    wrong: rollout('shadow for 1d [[W0866|replaces tried]]'),
    fine: rollout('shadow for 1d replaces old'),
  },
  'W0866 each in the place of the other': {
    wrong: `${rollout('shadow for 1d replaces old')}\nrollout y of old { shadow for 1d [[W0866|replaces q]] }`,
    fine: `${rollout('shadow for 1d replaces old')}\nrollout y of old { shadow for 1d }`,
  },
  'W0867 events instead of decisions': {
    wrong: rollout('shadow for 1d rollback when count of [[W0867|Paid]] over 1h > 3'),
    fine: rollout('shadow for 1d rollback when count of decisions of both over 1h > count of decisions over 1h'),
  },
  'W0203 decisions of a policy that there is not': {
    wrong: rollout('shadow for 1d rollback when count of decisions of [[W0203|zzz]] over 1h > 3'),
    fine: rollout('shadow for 1d rollback when count of decisions of old over 1h > 3'),
  },
  'W0867 neither counted nor a share': {
    wrong: rollout('shadow for 1d rollback when [[W0867|distinct(rule) of decisions over 1h]] > 3'),
    fine: rollout('shadow for 1d rollback when share(rule == "r") of decisions over 1h > 3%'),
  },
  'W0867 of whom': {
    wrong: rollout('shadow for 1d rollback when [[W0867|count of decisions by who over 1h]] > 3'),
    fine: rollout('shadow for 1d rollback when count of decisions by all over 1h > 3'),
  },
  'W0867 a range of another kind': {
    wrong: rollout('shadow for 1d rollback when count of decisions by all [[W0867|per day]] > 3'),
    fine: rollout('shadow for 1d rollback when count of decisions over day_long > 3').concat('\ndefine day_long = 24h'),
  },
  'W0203 no member of a decision': {
    wrong: rollout('shadow for 1d rollback when share([[W0203|denied]]) of decisions > 3%'),
    fine: rollout('shadow for 1d rollback when (share(deny or hold) of decisions as d where d.counts) > 3%'),
  },
  'W0904 history inside': {
    wrong: rollout('shadow for 1d rollback when (count of decisions where [[W0904|exists Paid by all over 1d]]) > 3'),
    fine: rollout('shadow for 1d rollback when (count of decisions where deny and not milder) > 3'),
  },
  'W0904 history of events': {
    wrong: rollout('shadow for 1d rollback when [[W0904|exists Paid by all over 1d]]'),
    fine: rollout('shadow for 1d rollback when count of decisions > 3'),
  },
  'W0502 a share is no number': {
    wrong: rollout('shadow for 1d rollback when share(deny) of decisions > [[W0502|0.05]]'),
    fine: rollout('shadow for 1d rollback when share(deny) of decisions > 5%'),
  },
  'W0867 an indicator of many numbers': {
    wrong: `${rollout('shadow for 1d rollback when [[W0867|denied]] > 3%')}\nindicator denied = share(deny) of decisions of q by who over 1d`,
    fine: `${rollout('shadow for 1d rollback when denied > 3%')}\nindicator denied = share(deny) of decisions of q by all over 1d`,
  },
  'W0867 an indicator that is neither a count nor a share': {
    wrong: `${rollout('shadow for 1d rollback when [[W0867|most]] > 3')}\nindicator most = max(n) of Paid by all over 1d`,
    fine: `${rollout('shadow for 1d rollback when many > 3')}\nindicator many = count of Paid by all over 1d`,
  },
  'W0868 it ends before it begins': {
    wrong: rollout('from 2026-12-31 shadow for 1d [[W0868|until 2026-12-30]]'),
    fine: rollout('from 2026-12-29 shadow for 1d until 2026-12-30'),
  },
  'W0868 less time than its stages last': {
    wrong: rollout('from 2026-12-01 shadow for 7d canary 10% by who for 8d [[W0868|until 2026-12-15]]'),
    fine: rollout('from 2026-12-01 shadow for 7d canary 10% by who for 7d until 2026-12-15'),
  },
  'W0869 nothing ends it': {
    wrong: rollout('shadow for 1d [[W0869|canary 10% by who]] until 2026-12-31'),
    fine: rollout('shadow canary 10% by who promote when count of decisions > 9 until 2026-12-31'),
  },
  'W0604 two ends': {
    wrong: rollout('shadow for 1d until 2026-12-31 [[W0604|until 2027-12-31]]'),
    fine: rollout('shadow for 1d until 2026-12-31'),
  },
  'W0507 a stage of a length that is not constant': {
    wrong: rollout('shadow for [[W0507|0s]]'),
    fine: rollout('shadow for 1s'),
  },
  'W0317 a share that is not constant': {
    wrong: rollout('canary [[W0203|n]] by who for 1d'),
    fine: `${rollout('canary few by who for 1d')}\ndefine few = 5%`,
  },
  'W0203 a policy that there is not': {
    wrong: rollout('shadow for 1d', 'x of [[W0203|zzz]]'),
    fine: rollout('shadow for 1d', 'x of q'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('what a rollout is in the plan', () => {
  const items =
    'owner "risk" replaces old from 2026-12-01 shadow for 1d canary 12.5% by who promote when share(deny) of decisions over 1h < 5% rollback when (count of decisions where stricter) > 2 until 2026-12-31'
  const { plan } = checkAll(rollout(items))
  expect(plan?.rollouts).toMatchObject([
    {
      name: 'x',
      owner: 'risk',
      policy: 0,
      replaces: 1,
      from: Date.parse('2026-12-01'),
      until: Date.parse('2026-12-31'),
      stages: [
        { kind: 'shadow', milliseconds: 86_400_000 },
        { kind: 'canary', share: { n: 1n, d: 8n }, keys: ['who'], milliseconds: null },
      ],
      promote: { measures: [{ function: 'share', policy: 0, where: null, overMilliseconds: 3_600_000 }] },
      rollback: { measures: [{ function: 'count', policy: 0, value: null, overMilliseconds: null }] },
    },
  ])
})
