/** Which format a file is told to be, from its first bytes. */
import { expect, test } from 'vitest'
import { detectFormat } from '../../src/envelope/formats.ts'

const trail = '{"eventName":"GetObject","eventSource":"s3.amazonaws.com"}'
const audit = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"Panic"}'

test.each<[string, string, string]>([
  ['lines of anything', '{"a":1}\n{"a":2}\n', 'ndjson lines'],
  ['one line of anything', '{"a":1}', 'ndjson lines'],
  ['an array', '[{"a":1},{"a":2}]', 'json array'],
  ['a document with one array', '{\n "of": 1,\n "rows": [\n  {"a":1}\n ]\n}', 'json member'],
  ['a document with two arrays is one record', '{\n "a": [{"x":1}],\n "b": [{"x":1}]\n}', 'json values'],
  ['objects over several lines', '{\n "a": 1\n}\n{\n "a": 2\n}', 'json values'],
  ['a table', 'time,user\n1,2\n', 'csv csv'],
  ['a delivery file of CloudTrail', `{"Records":[${trail}]}`, 'cloudtrail member Records'],
  ['the same over several lines', `{\n  "Records": [\n    ${trail}`, 'cloudtrail member Records'],
  ['lines of CloudTrail', `${trail}\n${trail}\n`, 'cloudtrail lines'],
  ['lines of Kubernetes', `${audit}\n`, 'kubernetes lines'],
  ['an EventList', `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${audit}]}`, 'kubernetes member items'],
  ['an EventList over several lines', `{\n"kind": "EventList",\n"items": [\n${audit}\n]}`, 'kubernetes member items'],
  ['decisions of OPA as an array', '[{"decision_id":"1","path":"a"}]', 'opa array'],
  ['CloudEvents', '{"specversion":"1.0","type":"t","source":"s","id":"1"}\n', 'cloudevents lines'],
  ['exports of OpenTelemetry, one on a line', '{"resourceLogs":[]}\n{"resourceLogs":[]}\n', 'opentelemetry lines'],
  ['one export over several lines', '{\n "resourceLogs": [\n {}', 'opentelemetry values'],
  ['entries of an audit log', '{"form":"writ transition 1"}\n', 'writ-log lines'],
  ['a transcript', '{"messages":[{"role":"user","content":"x"}]}', 'chat lines'],
  [
    'a transcript over several lines',
    '{\n "id": 1,\n "messages": [\n  {"role":"user","content":"x"}\n ]\n}',
    'chat values',
  ],
  ['messages as lines', '{"role":"user","content":"x"}\n', 'chat lines'],
  ['a list of messages', '[{"role":"user","content":"x"}]', 'chat array'],
])('%s', (_, text, wanted) => {
  const found = detectFormat(new TextEncoder().encode(text))
  if ('unknown' in found) throw new Error(found.unknown)
  expect([found.format, found.shape, found.member].filter(part => part !== null).join(' ')).toBe(wanted)
})

test.each([
  ['nothing', '', 'it is empty'],
  ['bytes', '\u0000\u0001', 'it is not text'],
  ['prose', 'once upon a time', 'it begins with "once upon a time"'],
])('%s is nothing that can be imported', (_, text, unknown) => {
  expect(detectFormat(new TextEncoder().encode(text))).toEqual({ unknown })
})
