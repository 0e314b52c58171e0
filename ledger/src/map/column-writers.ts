/**
 * From a raw value straight into the columns of its field. The common cases (a string, a whole number, a boolean that fit) go
 * without a value in between; all others, and everything that breaks the contract, by way of conversion.ts.
 */
import {
  BoolBuilder,
  CodeBuilder,
  type ColumnBuilder,
  type ColumnSlot,
  type FieldType,
  NumberBuilder,
  type Type,
  withoutOptional,
} from '@writ/engine'
import { describe } from '../raw/describe.ts'
import { isObject } from '../raw/json.ts'
import { convert, type Report, typeName } from './conversion.ts'
import { isMissing, Milliseconds, type RawValue } from './raw-values.ts'

/** Appends one row to every column of a field. */
export type FieldWriter = (raw: RawValue) => void

/** Null where no column of the field is asked for. `slots` are those of the contract, by key. */
export function fieldWriter(
  field: FieldType,
  path: string,
  slots: ReadonlyMap<string, ColumnSlot>,
  report: Report,
): FieldWriter | null {
  const type = withoutOptional(field.type)
  const builder = slots.get(path)?.builder
  if (type.kind !== 'record') return builder === undefined ? null : valueWriter(field, path, builder, report)

  const members: { readonly name: string; readonly write: FieldWriter }[] = []
  for (const member of type.fields) {
    const write = fieldWriter(member, `${path}.${member.name}`, slots, report)
    if (write !== null) members.push({ name: member.name, write })
  }
  const inside = [...slots]
    .filter(([key]) => key === path || key.startsWith(`${path}.`))
    .map(([, slot]) => slot.builder)
  if (inside.length === 0) return null
  const optional = field.type.kind === 'optional'
  const presence = builder instanceof BoolBuilder ? builder : null

  return raw => {
    if (!isMissing(raw) && !(raw instanceof Milliseconds) && isObject(raw)) {
      presence?.push(1)
      for (const { name, write } of members) write(Object.hasOwn(raw, name) ? raw[name] : undefined)
      return
    }
    if (isMissing(raw)) {
      if (!optional) report('W2001', path, { found: raw === null ? 'null' : 'missing', type: typeName(type) })
    } else {
      const found = raw instanceof Milliseconds ? raw.raw : raw
      report('W2002', path, () => ({
        type: typeName(type),
        found: describe(found, field.classes.length > 0),
        advice: 'Mend the record, or map another member.',
      }))
    }
    for (const column of inside) column.pushAbsence(optional && isMissing(raw) ? 'absent' : 'unknown')
  }
}

function valueWriter(field: FieldType, path: string, builder: ColumnBuilder, report: Report): FieldWriter {
  const byConversion: FieldWriter = raw => builder.pushValue(convert(raw, field, path, report))
  if (field.refinement !== null) return byConversion
  const type: Type = withoutOptional(field.type)
  if (builder instanceof CodeBuilder) {
    if (type.kind === 'string') return raw => (typeof raw === 'string' ? builder.pushText(raw) : byConversion(raw))
    if (type.kind === 'enum') {
      const members = new Set(type.members)
      return raw => (typeof raw === 'string' && members.has(raw) ? builder.pushText(raw) : byConversion(raw))
    }
  }
  if (builder instanceof NumberBuilder && (type.kind === 'int' || type.kind === 'decimal' || type.kind === 'percent')) {
    return raw => {
      if (typeof raw === 'number' && Number.isSafeInteger(raw)) builder.push(raw, 0)
      else if (type.kind === 'int' || !pushDecimal(raw, builder)) byConversion(raw)
    }
  }
  if (builder instanceof BoolBuilder) {
    return raw => (typeof raw === 'boolean' ? builder.push(raw ? 1 : 0) : byConversion(raw))
  }
  return byConversion
}

/** Pushes a number of up to 15 digits without an exponent, given as such or as text; false where it is something else. */
function pushDecimal(raw: RawValue, builder: NumberBuilder): boolean {
  const text = typeof raw === 'number' ? String(raw) : raw
  if (typeof text !== 'string' || text.length > 16 || !/^-?\d+(\.\d+)?$/.test(text)) return false
  const point = text.indexOf('.')
  if (point < 0) builder.push(Number(text), 0)
  else builder.push(Number(text.slice(0, point) + text.slice(point + 1)), text.length - point - 1)
  return true
}
