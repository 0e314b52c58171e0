/**
 * The formats that can be imported: how each is laid out in a file, and who makes envelopes of its records. Which one a file is of is
 * told from its first bytes (`detectFormat`); the words say what was seen, so that a wrong guess is noticed.
 */
import { CsvReader } from '../formats/csv.ts'
import { beginsWithObjectLine, lookOf } from '../formats/detect.ts'
import type { FormatReader, RecordSink, SpannedReader } from '../formats/format-reader.ts'
import { JsonStream } from '../formats/json-stream.ts'
import { NdjsonReader } from '../formats/ndjson.ts'
import { at, isList, isObject, type Json } from '../raw/json.ts'
import { chat } from './chat.ts'
import { cloudEvents } from './cloud-events.ts'
import { cloudtrail } from './cloudtrail.ts'
import type { Importer } from './envelope.ts'
import { generic } from './generic.ts'
import { kubernetes } from './kubernetes.ts'
import { text } from './members.ts'
import { opa } from './opa.ts'
import { openTelemetry } from './open-telemetry.ts'
import { writLog } from './writ-log.ts'

export const importFormats = [
  'writ-log',
  'cloudtrail',
  'opa',
  'kubernetes',
  'cloudevents',
  'opentelemetry',
  'chat',
  'ndjson',
  'json',
  'csv',
] as const
export type ImportFormat = (typeof importFormats)[number]

export function isImportFormat(name: string): name is ImportFormat {
  return importFormats.some(format => format === name)
}

/** A new importer, for one file. */
export function importerOf(format: ImportFormat): Importer {
  switch (format) {
    case 'writ-log':
      return writLog
    case 'cloudtrail':
      return cloudtrail
    case 'opa':
      return opa
    case 'kubernetes':
      return kubernetes
    case 'cloudevents':
      return cloudEvents
    case 'opentelemetry':
      return openTelemetry
    case 'chat':
      return chat()
    case 'ndjson':
    case 'json':
    case 'csv':
      return generic
  }
}

/** How the records stand in a file. */
export type Shape = 'lines' | 'array' | 'values' | 'member' | 'csv'

export interface Detected {
  readonly format: ImportFormat
  readonly shape: Shape
  /** With `member`: the array that holds the records; null: the only one. */
  readonly member: string | null
  /** What was seen. */
  readonly words: string
}

/** `head`: the first bytes of the content, some tens of thousands where there are so many. Null: nothing that can be imported. */
export function detectFormat(head: Uint8Array): Detected | { readonly unknown: string } {
  const look = lookOf(head)
  if (look.format === null) return { unknown: look.words }
  if (look.format === 'csv') return { format: 'csv', shape: 'csv', member: null, words: look.words }
  const lines = beginsWithObjectLine(head) ? firstOf(head, 'lines', null) : undefined
  const begin = firstByte(head)
  // An object that ends on its line is a line, and so are objects one below the other; a single one may be a document as well.
  if (begin === 0x7b && lines !== undefined && documentMember(lines) === null)
    return { ...recordFormat(lines, 'ndjson'), shape: 'lines', member: null }
  if (begin === 0x5b) return { ...recordFormat(firstOf(head, 'values', null), 'json'), shape: 'array', member: null }
  const member = documentMember(lines) ?? memberName(head)
  if (member !== null) {
    const named = recordFormat(firstOf(head, 'member', member), 'json')
    return { ...named, shape: 'member', member }
  }
  if (look.format === 'chat') return { format: 'chat', shape: 'values', member: null, words: look.words }
  const whole = firstOf(head, 'values', null)
  const named = recordFormat(whole, 'json')
  if (named.format === 'json' && !hasResourceLogs(head) && onlyArray(whole)) {
    return { ...recordFormat(firstOf(head, 'member', null), 'json'), shape: 'member', member: null }
  }
  if (!hasResourceLogs(head)) return { ...named, shape: 'values', member: null }
  return { format: 'opentelemetry', shape: 'values', member: null, words: 'it has resourceLogs' }
}

/** Reads the records of a file of that shape; `line` and `offset` say how much of it comes before (formats/ndjson.ts), for lines alone. */
export function recordReader(
  { shape, member }: Pick<Detected, 'shape' | 'member'>,
  format: string,
  sink: RecordSink,
  line: number,
  offset: number,
): SpannedReader {
  switch (shape) {
    case 'lines':
      return new NdjsonReader(sink, line, offset)
    case 'csv':
      return new CsvReader(sink)
    case 'array':
    case 'values':
      return new JsonStream({ format, objects: 'values', member: null }, sink)
    case 'member':
      return new JsonStream({ format, objects: 'member', member }, sink)
  }
}

/** The shape of a file whose format was named instead of detected. */
export function shapeFor(format: ImportFormat, head: Uint8Array): Pick<Detected, 'shape' | 'member'> {
  if (format === 'csv') return { shape: 'csv', member: null }
  const found = detectFormat(head)
  if (!('unknown' in found) && found.shape !== 'csv') return { shape: found.shape, member: found.member }
  return { shape: 'lines', member: null }
}

/** The arrays of records that whole documents of known products have. */
const wholes: readonly (readonly [string, (object: Json) => boolean])[] = [
  ['Records', () => true],
  ['items', object => text(object, 'kind') === 'EventList'],
]

function hasResourceLogs(head: Uint8Array): boolean {
  return /^\W*"resourceLogs"\s*:/.test(new TextDecoder().decode(head.subarray(0, 4096)))
}

/** Whether a document is an object with one array of objects; one that is not whole may be. */
function onlyArray(whole: Json | undefined): boolean {
  if (whole === undefined) return true
  const arrays = isObject(whole) ? Object.values(whole).filter(isList) : []
  const [only] = arrays
  return arrays.length === 1 && only !== undefined && only.length > 0 && only.every(isObject)
}

function documentMember(object: Json | undefined): string | null {
  if (object === undefined) return null
  return wholes.find(([name, is]) => isList(at(object, [name])) && is(object))?.[0] ?? null
}

function memberName(head: Uint8Array): string | null {
  const start = new TextDecoder().decode(head.subarray(0, 4096))
  if (/^\W*"Records"\s*:\s*\[/.test(start)) return 'Records'
  return /"kind"\s*:\s*"EventList"/.test(start) ? 'items' : null
}

/** What one record looks like. */
function recordFormat(record: Json | undefined, otherwise: 'ndjson' | 'json'): Pick<Detected, 'format' | 'words'> {
  const marks: readonly (readonly [ImportFormat, boolean, string])[] = [
    [
      'writ-log',
      /^writ (decision|transition|approval) /.test(text(record, 'form') ?? ''),
      'its records are entries of an audit log of Writ',
    ],
    ['kubernetes', text(record, 'auditID') !== null, 'its records have an auditID, as audit events of Kubernetes do'],
    [
      'cloudevents',
      text(record, 'specversion') !== null && text(record, 'type') !== null,
      'its records have a specversion, as CloudEvents do',
    ],
    [
      'opentelemetry',
      isList(at(record, ['resourceLogs'])),
      'its records have resourceLogs, as OpenTelemetry exports do',
    ],
    ['opa', text(record, 'decision_id') !== null, 'its records have a decision_id, as decisions of OPA do'],
    [
      'cloudtrail',
      text(record, 'eventName') !== null && text(record, 'eventSource') !== null,
      'its records have eventName and eventSource, as CloudTrail does',
    ],
    ['chat', isChat(record), 'its records are messages of a transcript'],
  ]
  for (const [format, is, words] of marks) if (is) return { format, words }
  return { format: otherwise, words: otherwise === 'ndjson' ? 'it has one JSON object per line' : 'it is JSON' }
}

function isChat(record: Json | undefined): boolean {
  if (!isObject(record)) return false
  if (typeof record.role === 'string' && ('content' in record || 'tool_calls' in record)) return true
  return [record.messages, record.traj].some(
    list => isList(list) && list.every(one => isObject(one) && typeof one.role === 'string'),
  )
}

/** The first record of a file that begins like this, if it is whole. */
function firstOf(head: Uint8Array, shape: 'lines' | 'values' | 'member', member: string | null): Json | undefined {
  const found: Json[] = []
  const sink = { record: (raw: Json) => void found.push(raw), broken: () => {}, note: () => {} }
  const reader: FormatReader =
    shape === 'lines'
      ? new NdjsonReader(sink)
      : new JsonStream({ format: 'json', objects: shape === 'member' ? 'member' : 'values', member }, sink)
  reader.feed(head)
  if (!head.includes(0x0a)) reader.end(false)
  return found[0]
}

function firstByte(head: Uint8Array): number | undefined {
  return head.find(byte => byte > 0x20 && byte < 0x80)
}
