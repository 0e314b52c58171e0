/** Skeletons of declarations and clauses, as snippets of the protocol and as the plain text of their first words. */

export interface Skeleton {
  readonly label: string
  readonly detail: string
  readonly snippet: string
}

const S = '$'
/** A place to fill in. */
export function hole(index: number, text: string): string {
  return `${S}{${index}:${text}}`
}

/** What may stand at the top level. */
export const declarationSkeletons: readonly Skeleton[] = [
  {
    label: 'contract',
    detail: 'A kind of event',
    snippet: `contract ${hole(1, 'Name')} version 1.0.0 {\n  ${hole(2, 'id')} : String key\n  at : Time time\n  $0\n}`,
  },
  {
    label: 'policy',
    detail: 'Rules about events',
    snippet: `policy ${hole(1, 'name')} version 1.0.0 {\n  on ${hole(2, 'Event')} as ${hole(3, 'e')}\n  default ${hole(4, 'permit')}\n\n  rule ${hole(5, 'name')} "${hole(6, 'what it is for')}"\n    when $0\n    deny\n}`,
  },
  {
    label: 'test',
    detail: 'Events and what is expected of them',
    snippet: `test "${hole(1, 'title')}" {\n  given ${hole(2, 'Event')} { $0 }\n  expect ${hole(3, 'permit')}\n}`,
  },
  { label: 'module', detail: 'The name of the file’s module', snippet: `module ${hole(1, 'name')}\n$0` },
  { label: 'use', detail: 'Names of another module', snippet: `use ${hole(1, 'module')} { ${hole(2, 'Name')} }$0` },
  { label: 'type', detail: 'A name for a type', snippet: `type ${hole(1, 'Name')} = $0` },
  {
    label: 'define',
    detail: 'A pure function or a value',
    snippet: `define ${hole(1, 'name')}(${hole(2, 'value')}: ${hole(3, 'Decimal')}): ${hole(4, 'Bool')} = $0`,
  },
  { label: 'role', detail: 'People who approve', snippet: `role ${hole(1, 'Name')} { members "${hole(2, 'ana')}" }$0` },
  {
    label: 'table',
    detail: 'Facts that events keep up to date',
    snippet: `table ${hole(1, 'name')} by ${hole(2, 'key')} from ${hole(3, 'Event')} {\n  ${hole(4, 'member')}: $0\n}`,
  },
  {
    label: 'source',
    detail: 'How recorded events are read',
    snippet: `source ${hole(1, 'name')} {\n  format ${S}{2|ndjson,json,csv,chat,cloudtrail|}\n  files "${hole(3, '**/*.ndjson')}"\n  map ${hole(4, 'Event')} {\n    $0\n  }\n}`,
  },
  { label: 'sample', detail: 'Values that tests leave out', snippet: `sample ${hole(1, 'Event')} {\n  $0\n}` },
  {
    label: 'sink',
    detail: 'Where values may go',
    snippet: `sink ${hole(1, 'name')} {\n  accepts ${hole(2, 'personal')}\n}$0`,
  },
  { label: 'layers', detail: 'Which layer is higher', snippet: `layers ${hole(1, 'global')} > ${hole(2, 'team')}$0` },
  {
    label: 'rollout',
    detail: 'How a policy comes into force, by stages',
    snippet: `rollout ${hole(1, 'name')} of ${hole(2, 'policy')} {\n  shadow for ${hole(3, '7d')}\n  canary ${hole(4, '10%')} by ${hole(5, 'key')} for ${hole(6, '7d')}\n  rollback when share(stricter) of decisions over 1d > ${hole(7, '5%')}$0\n}`,
  },
  {
    label: 'exception',
    detail: 'A waiver for one rule',
    snippet: `exception ${hole(1, 'name')} {\n  rule ${hole(2, 'policy.rule')}\n  granted by "${hole(3, 'who')}"\n  until ${hole(4, '2027-01-01')}\n  because "$0"\n}`,
  },
]

/** What may stand in a declaration, by its first word; at the beginning of a clause. */
export const clauseSkeletons: Readonly<Record<string, readonly Skeleton[]>> = {
  policy: [
    {
      label: 'rule',
      detail: 'What is decided, and when',
      snippet: `rule ${hole(1, 'name')} "${hole(2, 'what it is for')}"\n  when ${hole(3, 'condition')}\n  ${S}{4|deny,hold,warn,permit|}$0`,
    },
    {
      label: 'rule … require approval',
      detail: 'People decide',
      snippet: `rule ${hole(1, 'name')} "${hole(2, 'what it is for')}"\n  when ${hole(3, 'condition')}\n  require approval from ${hole(4, 'Role')} within ${hole(5, '30m')}\n    else deny "nobody approved in time"$0`,
    },
    {
      label: 'rule … after … expect',
      detail: 'What has to happen after an event',
      snippet: `rule ${hole(1, 'name')} "${hole(2, 'what it is for')}"\n  after ${hole(3, 'Event')} as ${hole(4, 'e')}\n  expect ${hole(5, 'Other')} where ${hole(6, 'condition')} within ${hole(7, '2d')}\n  else warn "$0"`,
    },
    { label: 'let', detail: 'A value with a name', snippet: `let ${hole(1, 'name')} = $0` },
    { label: 'on', detail: 'Which events are decided', snippet: `on ${hole(1, 'Event')} as ${hole(2, 'e')}$0` },
    { label: 'default', detail: 'Where no rule matches', snippet: `default ${S}{1|permit,deny,hold,warn|}$0` },
    { label: 'combine', detail: 'Which rule decides', snippet: `combine ${S}{1|strictest,first,permit_overrides|}$0` },
    { label: 'owner', detail: 'Who answers for it', snippet: `owner "${hole(1, 'team')}"$0` },
    { label: 'mode shadow', detail: 'Tried out, does not count', snippet: 'mode shadow$0' },
    { label: 'layer', detail: 'Of which layer it is', snippet: `layer ${hole(1, 'name')}$0` },
    { label: 'when', detail: 'When the rule matches', snippet: 'when $0' },
    { label: 'because', detail: 'Why, in the words of the reason', snippet: 'because "$0"' },
    {
      label: 'then',
      detail: 'What follows the decision',
      snippet: `then ${hole(1, 'notify')} ${hole(2, 'sink')} { $0 }`,
    },
    { label: 'permit', detail: 'Decision', snippet: 'permit$0' },
    { label: 'warn', detail: 'Decision', snippet: 'warn$0' },
    { label: 'hold', detail: 'Decision', snippet: 'hold$0' },
    { label: 'deny', detail: 'Decision', snippet: 'deny$0' },
    {
      label: 'require approval',
      detail: 'People decide',
      snippet: `require approval from ${hole(1, 'Role')} within ${hole(2, '30m')}$0`,
    },
  ],
  contract: [
    {
      label: 'check',
      detail: 'What holds for every event',
      snippet: `check ${hole(1, 'condition')} else ${S}{2|reject,warn|} "$0"`,
    },
    { label: 'owner', detail: 'Who answers for it', snippet: `owner "${hole(1, 'team')}"$0` },
    {
      label: 'compatibility',
      detail: 'Which changes are allowed',
      snippet: `compatibility ${S}{1|backward,forward,full,none|}$0`,
    },
  ],
  test: [
    { label: 'given', detail: 'An event', snippet: `given ${hole(1, 'Event')} { $0 }` },
    { label: 'expect', detail: 'A decision', snippet: `expect ${S}{1|permit,warn,hold,deny|}$0` },
    {
      label: 'expect … by',
      detail: 'A decision by a rule',
      snippet: `expect ${S}{1|deny,hold,warn,permit|} by ${hole(2, 'rule')}$0`,
    },
    {
      label: 'expect approval from',
      detail: 'A request for approval',
      snippet: `expect approval from ${hole(1, 'Role')}$0`,
    },
    {
      label: 'expect then',
      detail: 'An obligation',
      snippet: `expect then ${hole(1, 'notify')} ${hole(2, 'sink')} { $0 }`,
    },
    {
      label: 'expect pending',
      detail: 'An expectation that waits',
      snippet: `expect ${S}{1|pending,fulfilled,breached|} ${hole(2, 'rule')}$0`,
    },
    { label: 'at', detail: 'Time passes', snippet: `at ${hole(1, '09:00')}$0` },
    {
      label: 'approve by',
      detail: 'Somebody approves',
      snippet: `approve by "${hole(1, 'ana')}" as ${hole(2, 'Role')}$0`,
    },
  ],
  source: [
    { label: 'format', detail: 'Of the recorded data', snippet: `format ${S}{1|ndjson,json,csv,chat,cloudtrail|}$0` },
    { label: 'files', detail: 'Which files', snippet: `files "${hole(1, '**/*.ndjson')}"$0` },
    {
      label: 'time',
      detail: 'When an event happened',
      snippet: `time ${hole(1, 'at')} as ${S}{2|iso8601,seconds,milliseconds|}$0`,
    },
    { label: 'time order', detail: 'No time in the records', snippet: 'time order$0' },
    { label: 'lateness', detail: 'How far back time may go', snippet: `lateness ${hole(1, '5m')}$0` },
    {
      label: 'map',
      detail: 'From records to events',
      snippet: `map ${hole(1, 'Event')} when ${hole(2, 'condition')} {\n  $0\n}`,
    },
  ],
  role: [
    { label: 'members', detail: 'Who holds the role', snippet: `members "${hole(1, 'ana')}"$0` },
    {
      label: 'delegate',
      detail: 'Who acts for whom',
      snippet: `delegate "${hole(1, 'ana')}" to "${hole(2, 'zoe')}"$0`,
    },
    { label: 'from table', detail: 'Whoever has a row', snippet: `from table ${hole(1, 'table')}$0` },
  ],
  sink: [{ label: 'accepts', detail: 'Privacy classes', snippet: `accepts ${hole(1, 'personal')}$0` }],
  exception: [
    { label: 'rule', detail: 'Which rule is waived', snippet: `rule ${hole(1, 'policy')}.${hole(2, 'rule')}$0` },
    { label: 'when', detail: 'For which events', snippet: 'when $0' },
    { label: 'granted by', detail: 'Who granted it', snippet: `granted by "${hole(1, 'ana')}"$0` },
    { label: 'from', detail: 'When it begins', snippet: `from ${hole(1, '2027-01-01')}$0` },
    { label: 'until', detail: 'When it ends', snippet: `until ${hole(1, '2027-01-01')}$0` },
    { label: 'because', detail: 'Why', snippet: 'because "$0"' },
  ],
}

/** Words that can follow a value. */
export const operatorWords = [
  'and',
  'or',
  'in',
  'not in',
  'is present',
  'is absent',
  'like',
  'matches',
  'contains',
  'starts_with',
  'ends_with',
] as const

/** Forms that begin a value. */
export const valueSkeletons: readonly Skeleton[] = [
  {
    label: 'count of',
    detail: 'How many events',
    snippet: `count of ${hole(1, 'Event')} by ${hole(2, 'key')} over ${hole(3, '24h')}$0`,
  },
  {
    label: 'sum',
    detail: 'Of recorded events',
    snippet: `sum(${hole(1, 'field')}) of ${hole(2, 'Event')} by ${hole(3, 'key')} over ${hole(4, '24h')}$0`,
  },
  {
    label: 'avg',
    detail: 'Of recorded events',
    snippet: `avg(${hole(1, 'field')}) of ${hole(2, 'Event')} by ${hole(3, 'key')} over ${hole(4, '24h')}$0`,
  },
  {
    label: 'distinct',
    detail: 'How many different values',
    snippet: `distinct(${hole(1, 'field')}) of ${hole(2, 'Event')} by ${hole(3, 'key')} over ${hole(4, '24h')}$0`,
  },
  {
    label: 'last',
    detail: 'The newest value',
    snippet: `last(${hole(1, 'field')}) of ${hole(2, 'Event')} by ${hole(3, 'key')} over ${hole(4, '24h')}$0`,
  },
  {
    label: 'exists',
    detail: 'Whether there was such an event',
    snippet: `exists ${hole(1, 'Event')} where ${hole(2, 'condition')} by ${hole(3, 'key')} over ${hole(4, '24h')}$0`,
  },
  { label: 'any', detail: 'One element of a list', snippet: `any ${hole(1, 'x')} in ${hole(2, 'list')} where $0` },
  { label: 'all', detail: 'Every element of a list', snippet: `all ${hole(1, 'x')} in ${hole(2, 'list')} where $0` },
  { label: 'if', detail: 'One of two values', snippet: `if ${hole(1, 'condition')} then ${hole(2, 'value')} else $0` },
  { label: 'not', detail: 'The opposite', snippet: 'not $0' },
  { label: 'now', detail: 'The time of the event', snippet: 'now$0' },
  { label: 'true', detail: 'Bool', snippet: 'true$0' },
  { label: 'false', detail: 'Bool', snippet: 'false$0' },
]
