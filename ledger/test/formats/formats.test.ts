import { describe, expect, it } from 'vitest'
import { read } from './read.ts'

describe('NDJSON', () => {
  it('has one record per line, wherever the lines end', () => {
    const { records, lines } = read('ndjson', '\ufeff{"a":1}\r\n\n  {"a":2}\n \t\r\n{"a":3}')
    expect(records).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
    expect(lines).toEqual([1, 3, 5])
  })
  it('tells a broken line from a file that is cut off', () => {
    expect(read('ndjson', '{"a":\n{"a":1}\n{"a":').findings.map(finding => finding.slice(0, 7))).toEqual([
      'W2020:1',
      'W2026:3',
    ])
  })
  it('says when bytes are no UTF-8', () => {
    const { records, findings } = read(
      'ndjson',
      Uint8Array.of(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xfc, 0x22, 0x7d, 0x0a),
    )
    expect(records).toEqual([{ a: '\ufffd' }])
    expect(findings[0]).toMatch(/^W2024:1/)
  })
  it('refuses what is nested without end', () => {
    expect(read('ndjson', `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}\n`).findings).toEqual([
      'W2023:1 The record is nested deeper than 1000 levels; it is skipped.',
    ])
  })
})

describe('JSON', () => {
  it('has the elements of its array, or of the array in its object', () => {
    expect(read('json', ' [ {"a":[1,{"b":"]"}]} ,\n {"a":"\\"}"} ] ').records).toEqual([
      { a: [1, { b: ']' }] },
      { a: '"}' },
    ])
    expect(read('json', '{"next":{"page":[2]},"items":[{"a":1},{"a":2}],"n":2}').records).toEqual([{ a: 1 }, { a: 2 }])
    expect(read('json', '[]').records).toEqual([])
  })
  it('keeps what comes before a mistake', () => {
    expect(read('json', '[{"a":1},{"a":nope},{"a":3}]')).toMatchObject({
      records: [{ a: 1 }, { a: 3 }],
      findings: [expect.stringMatching(/^W2020:1/)],
    })
    expect(read('json', '[{"a":1}\n{"a":2}]')).toMatchObject({
      records: [{ a: 1 }],
      findings: [expect.stringMatching(/^W2020:2/)],
    })
    expect(read('json', '[{"a":1},\n{"a":')).toMatchObject({
      records: [{ a: 1 }],
      findings: [expect.stringMatching(/^W2026:2/)],
    })
    expect(read('json', '[{"a":1}] {"a":2}')).toMatchObject({
      records: [{ a: 1 }],
      findings: [expect.stringMatching(/^W2030:1/)],
    })
  })
  it('says what is wrong with the form of the file', () => {
    expect(read('json', '{"a":1}').findings).toEqual([
      'W2029:1 The file is no json: its object has no array. It is skipped. Name the right format in the source, or leave the file out with files.',
    ])
    expect(read('json', '{"a":[{"x":1}],"b":[2]}').findings[0]).toMatch('its object has more than one array: a and b')
    expect(read('json', 'a,b').findings[0]).toMatch('it begins with "a", not with [ or {')
  })
  it('keeps the digits of numbers that are too long for doubles', () => {
    expect(read('json', '[{"a":9007199254740993,"b":0.5}]').records).toEqual([
      { a: { text: '9007199254740993' }, b: 0.5 },
    ])
  })
})

describe('CSV', () => {
  it('has an object of texts per row', () => {
    const { records, lines } = read('csv', '\ufeffid,text,place.city\r\n1,"a, ""b""\nc",Bern\r\n\r\n2,,"",\n3,x,""\n')
    expect(records).toEqual([
      { id: '1', text: 'a, "b"\nc', place: { city: 'Bern' } },
      { id: '3', text: 'x', place: { city: '' } },
    ])
    expect(lines).toEqual([2, 6])
  })
  it('takes semicolons and tabs where the header has no comma', () => {
    expect(read('csv', 'a;b\n1,5;2').records).toEqual([{ a: '1,5', b: '2' }])
    expect(read('csv', 'a\tb\n1\t"2"').records).toEqual([{ a: '1', b: '2' }])
  })
  it('tells rows that do not fit', () => {
    const { findings } = read('csv', 'a,b\n1\n"x"y,2\n3,"4')
    expect(findings).toEqual([
      'W2025:2 The row has 1 cells but the header has 2; it is skipped. Check the quotes and commas of the row.',
      'W2032:3 Text stands after the closing quote of cell 1; the row is skipped. A quote inside of a cell is written twice.',
      'W2026:4 The file ends in the middle of a quoted cell; what came before is read. Record it again or take the end out.',
    ])
    expect(read('csv', 'a,a\n1,2').findings[0]).toMatch('its header names "a" twice')
  })
  it('takes a quote inside of a cell for a character', () => {
    expect(read('csv', 'a,b\n5" pipe,x\n').records).toEqual([{ a: '5" pipe', b: 'x' }])
  })
})

describe('chat transcripts', () => {
  const flat = (records: readonly unknown[]): readonly unknown[] =>
    records.map(record => {
      const { run: _run, run_index: _index, ...rest } = record as Record<string, unknown>
      return rest
    })

  it('become messages, calls and results, with calls as objects', () => {
    const { records } = read(
      'chat',
      JSON.stringify({
        suite_name: 'banking',
        messages: [
          { role: 'user', content: 'Pay' },
          { role: 'assistant', content: 'Sure', tool_calls: [{ id: 'a', function: 'send', args: { to: 'x' } }] },
          {
            role: 'tool',
            content: 'ok',
            tool_call_id: 'a',
            tool_call: { id: 'a', function: 'send', args: {} },
            error: null,
          },
          {
            role: 'assistant',
            content: [
              { type: 'text', content: 'one' },
              { type: 'text', text: 'two' },
            ],
            tool_calls: null,
          },
        ],
      }),
    )
    expect(flat(records)).toEqual([
      { kind: 'message', role: 'user', content: 'Pay', step: 0 },
      { kind: 'message', role: 'assistant', content: 'Sure', step: 1 },
      { kind: 'call', tool: 'send', args: { to: 'x' }, call_id: 'a', step: 1 },
      { kind: 'result', tool: 'send', args: { to: 'x' }, call_id: 'a', content: 'ok', error: null, step: 2 },
      { kind: 'message', role: 'assistant', content: 'one\ntwo', step: 3 },
    ])
    expect(records[0]).toMatchObject({ run: { suite_name: 'banking' }, run_index: 0 })
  })

  it('of chat completions have their arguments as text', () => {
    const call = (id: string, args: string) => ({ id, type: 'function', function: { name: 'f', arguments: args } })
    const { records, findings } = read(
      'chat',
      JSON.stringify([
        {
          task_id: 3,
          traj: [{ role: 'assistant', content: null, tool_calls: [call('1', '{"n":1}'), call('2', '{n}')] }],
        },
        { task_id: 4, traj: [{ role: 'tool', name: 'g', content: '{}' }] },
      ]),
    )
    expect(flat(records)).toEqual([
      { kind: 'call', tool: 'f', args: { n: 1 }, call_id: '1', step: 0 },
      { kind: 'call', tool: 'f', args: '{n}', call_id: '2', step: 0 },
      { kind: 'result', tool: 'g', args: null, call_id: null, content: '{}', error: null, step: 0 },
    ])
    expect(records[2]).toMatchObject({ run: { task_id: 4 }, run_index: 1 })
    expect(findings[0]).toMatch(/^W2028:1 The arguments of the call of f are not JSON/)
  })

  it('may have calls and results as blocks of the content', () => {
    const { records } = read(
      'chat',
      JSON.stringify([
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'tool_use', id: 't', name: 'ls', input: { a: 1 } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'no', is_error: true }] },
      ]),
    )
    expect(flat(records)).toEqual([
      { kind: 'message', role: 'assistant', content: 'Look', step: 0 },
      { kind: 'call', tool: 'ls', args: { a: 1 }, call_id: 't', step: 0 },
      { kind: 'result', tool: 'ls', args: { a: 1 }, call_id: 't', content: 'no', error: 'no', step: 1 },
    ])
  })

  it('says when an object is none', () => {
    expect(read('chat', '{"a":1}').findings[0]).toMatch(
      'The file is no chat: a transcript is an object with an array of messages',
    )
  })
})

describe('CloudTrail', () => {
  it('has the records of its files', () => {
    expect(read('cloudtrail', '{"Records":[{"eventName":"A"}]}').records).toEqual([{ eventName: 'A' }])
    expect(read('cloudtrail', '{"digest":[1]}').findings[0]).toMatch('it has no array Records')
  })
})
