/**
 * Which contracts a set of raw records asks for: one per tool for transcripts, one per kind of event where a member tells kinds
 * apart, else one. Also where the time of the events is, and how far it goes back within a file.
 */
import type { SourceFormat } from '@writ/engine'
import { type TimeUnit, timeIn } from '../map/event-time.ts'
import { at, isObject, type Json } from '../raw/json.ts'
import { draftChat } from './chat-contracts.ts'
import { type DraftedSource, fieldsOf, maxContracts, type SampleObject, type SampleRecord } from './drafted.ts'
import type { GuessedField } from './guess.ts'
import { contractName, isPlainName, unusedName } from './names.ts'

/** `records` is not empty; records that are no objects are passed over. */
export function draftContracts(format: SourceFormat, records: readonly SampleRecord[]): DraftedSource {
  const objects = records.flatMap(({ file, value }) => (isObject(value) ? [{ file, value }] : []))
  if (format === 'chat') return draftChat(objects)
  const time = findTime(objects)
  const taken = new Set<string>()
  const contracts = groups(format, objects).map(group => {
    const values = group.records.map(({ value }) => value)
    const fields = fieldsOf(values, { textOnly: format === 'csv', prefix: '', reserved: [], without: group.member })
    return {
      name: unusedName(group.name, taken),
      about: group.about,
      records: group.records.length,
      fields: fields.map(field => (time?.unit === 'iso8601' && field.name === time.member ? timed(field) : field)),
      when: group.when,
    }
  })
  const byField =
    time !== null && contracts.every(({ fields }) => fields.some(field => field.modifiers.includes('time')))
  return {
    contracts,
    time: time === null ? 'time order' : byField ? null : `time ${time.path} as ${time.unit}`,
    lateness: time === null ? null : latenessOf(objects, time),
  }
}

interface Group {
  readonly name: string
  readonly about: string
  readonly records: readonly SampleObject[]
  readonly when: string | null
  /** The member that tells its records from others: always the same, so that no field is made of it. */
  readonly member: string | null
}

function groups(format: SourceFormat, records: readonly SampleObject[]): readonly Group[] {
  if (format === 'cloudtrail')
    return [{ name: 'ApiCall', about: "A call of the cloud's interface.", records, when: null, member: null }]
  for (const member of ['event', 'event_type', 'eventType', 'type', 'kind']) {
    const byKind = new Map<string, SampleObject[]>()
    for (const record of records) {
      const kind = at(record.value, [member])
      if (typeof kind !== 'string' || !/[A-Za-z]/.test(kind) || byKind.size > maxContracts) {
        byKind.clear()
        break
      }
      const own = byKind.get(kind) ?? []
      own.push(record)
      byKind.set(kind, own)
    }
    if (byKind.size > 1 && byKind.size <= maxContracts) {
      return [...byKind].map(([kind, own]) => ({
        name: contractName(kind),
        about: `A record with ${member} ${JSON.stringify(kind)}.`,
        records: own,
        when: `${member} == ${JSON.stringify(kind)}`,
        member,
      }))
    }
  }
  return [{ name: 'Event', about: 'A recorded event.', records, when: null, member: null }]
}

function timed(field: GuessedField): GuessedField {
  return {
    ...field,
    modifiers: ['time', ...field.modifiers],
    guesses: ['time: of the event', ...field.guesses],
    sample: null,
  }
}

interface FoundTime {
  readonly member: string
  readonly path: string
  readonly unit: TimeUnit
}

const timeNames = [
  'time',
  'timestamp',
  'eventTime',
  'event_time',
  '@timestamp',
  'at',
  'ts',
  'occurred_at',
  'created_at',
  'createdAt',
  'date',
  'datetime',
  'when',
]

/** The member that every record has as a time, by the names that times have. */
function findTime(records: readonly SampleObject[]): FoundTime | null {
  const [first] = records
  const others = Object.keys(first?.value ?? {}).filter(
    name => /time|date|stamp|_at$/i.test(name) && !timeNames.includes(name),
  )
  for (const member of [...timeNames, ...others]) {
    for (const unit of ['iso8601', 'seconds', 'milliseconds'] as const) {
      const fits = records.every(({ value }) => isTime(at(value, [member]), unit))
      if (fits && !member.includes('.'))
        return { member, unit, path: isPlainName(member) ? member : `raw(${JSON.stringify(member)})` }
    }
  }
  return null
}

function isTime(raw: Json | undefined, unit: TimeUnit): boolean {
  const time = timeIn(unit, raw)
  return time >= 946_684_800_000 && time < 4_102_444_800_000
}

/** How far time goes back within one file, rounded up to something that can be said. */
function latenessOf(records: readonly SampleObject[], { member, unit }: FoundTime): string | null {
  let most = 0
  let file: string | null = null
  let latest = 0
  for (const record of records) {
    const time = timeIn(unit, at(record.value, [member]))
    if (record.file !== file) latest = time
    file = record.file
    most = Math.max(most, latest - time)
    latest = Math.max(latest, time)
  }
  if (most === 0) return null
  const steps = [
    ['s', 1000, 60],
    ['m', 60_000, 60],
    ['h', 3_600_000, 24],
  ] as const
  for (const [unitName, milliseconds, limit] of steps) {
    if (most <= milliseconds * limit) return `${Math.ceil(most / milliseconds)}${unitName}`
  }
  return `${Math.ceil(most / 86_400_000)}d`
}
