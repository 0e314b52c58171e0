/** W07xx: sources, and what their maps become. */
import { expect, test } from 'vitest'
import { type Case, checkAll, expectMarked, runCase } from './marked.ts'

function source(body: string): string {
  return `module m\ncontract C { n: Int  s: String?  channel: enum { chat }  cost: Money? }\nsource s { ${body} }`
}

const cases: Record<string, Case> = {
  'W0701 source without a format': {
    wrong: 'module m\nsource [[W0701|s]] { time order }',
    fine: 'module m\nsource s { format csv time order }',
    fixed: 'module m\nsource s {\n  format ndjson time order }',
  },
  'W0702 unknown format': {
    wrong: 'module m\nsource s { format [[W0702|jsonn]] time order }',
    fine: 'module m\nsource s { format json time order }',
    fixed: 'module m\nsource s { format json time order }',
  },
  'W0703 unknown field in a map': {
    wrong: source('format json time order map C { [[W0703|chanel]] = kind }'),
    fine: source('format json time order map C { channel = kind }'),
    fixed: source('format json time order map C { channel = kind }'),
  },
  'W0704 not possible in a map': {
    wrong: source('format json time order map C when [[W0704|size > 3]] { n = [[W0704|a + b]] }'),
    fine: source('format json time order map C when size == 3 and not (kind in ["a", "b"]) { n = a ?? b.c }'),
  },
  'W0705 time that cannot be read': {
    wrong: source('format json [[W0705|time at]] map C { }'),
    fine: source('format json time at as seconds map C { }'),
    fixed: source('format json time at as iso8601 map C { }'),
  },
  'W0706 unknown lateness mode': {
    wrong: source('format json time order lateness 5m [[W0706|rejects]]'),
    fine: source('format json time order lateness 5m reject'),
    fixed: source('format json time order lateness 5m reject'),
  },
  'W0707 map that is never reached': {
    wrong: source('format json time order map C { } [[W0707|map C when a == 1 { }]]'),
    fine: source('format json time order map C when a == 1 { } map C { }'),
  },
  'W0708 events without a time': {
    wrong: source('format json map [[W0708|C]] { }'),
    fine: 'module m\ncontract C { at: Time time }\nsource s { format json map C { } }',
    fixed: source('\n  time order format json map C { }').replace('{ \n', '{\n'),
  },
  'W0709 literal of another type': {
    wrong: source('format json time order map C { n = [[W0709|"many"]] channel = [[W0709|"chatt"]] }'),
    fine: source('format json time order map C { n = "12" channel = "chat" s = "many" }'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test.each(['record', 'reject', 'revise'])('late records: %s', mode => {
  expectMarked(source(`format json time order lateness 5m ${mode}`))
})

test('a field without a line is read from the member of its name', () => {
  const { plan } = checkAll(
    source(`format chat files "*.json", "b/*.json" time meta.at as seconds lateness 1h reject
    map C when kind == "call" and tool like "send_*" and args.x is absent {
      n = json(args.raw).items.count ?? 7  cost = money(raw("a.b-c"), "EUR")  s = text(args)
    }`),
  )
  expect(plan?.sources).toMatchObject([
    {
      format: 'chat',
      files: ['*.json', 'b/*.json'],
      time: { kind: 'path', path: ['meta', 'at'], unit: 'seconds' },
      latenessMilliseconds: 3_600_000,
      lateMode: 'reject',
      maps: [
        {
          contract: 0,
          when: {
            kind: 'and',
            operands: [
              { kind: 'equals', left: { kind: 'path', path: ['kind'] }, right: { kind: 'literal', value: 'call' } },
              { kind: 'like', value: { kind: 'path', path: ['tool'] }, glob: 'send_*' },
              { kind: 'not', operand: { kind: 'present', value: { kind: 'path', path: ['args', 'x'] } } },
            ],
          },
          fields: [
            {
              field: 'n',
              value: {
                kind: 'default',
                value: { kind: 'json', value: { kind: 'path', path: ['args', 'raw'] }, path: ['items', 'count'] },
                otherwise: { kind: 'literal', value: 7, text: '7' },
              },
            },
            { field: 's', value: { kind: 'text', value: { kind: 'path', path: ['args'] } } },
            { field: 'channel', value: { kind: 'path', path: ['channel'] } },
            {
              field: 'cost',
              value: { kind: 'money', amount: { kind: 'path', path: ['a', 'b-c'] }, currency: { value: 'EUR' } },
            },
          ],
        },
      ],
    },
  ])
})
