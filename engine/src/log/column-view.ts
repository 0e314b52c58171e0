/**
 * A log's columns seen as events with values: the way back from columns.ts to view.ts, for the reference interpreter,
 * explanations and tests. Slow on purpose; the compiled evaluator reads the columns.
 */
import type { PlanContract } from '../plan/plan.ts'
import { rational } from '../value/rational.ts'
import type { FieldType, Type } from '../value/type.ts'
import { absent, unknown, type Value } from '../value/value.ts'
import type { Absence, Batch, Column, Log, NumberColumn } from './columns.ts'
import { withoutOptional } from './leaves.ts'
import { rowFinder } from './row-finder.ts'
import type { EventView, LogView } from './view.ts'

/** Reads `log`, which was made for these contracts. Fields that the log does not hold cannot be asked for. */
export function columnView(log: Log, contracts: readonly PlanContract[]): LogView {
  return {
    size: log.contractOf.length,
    event(seq) {
      const contract = log.contractOf[seq]
      const row = log.rowOf[seq]
      if (contract === undefined || row === undefined) throw new RangeError(`the log has no event ${seq}`)
      return eventView(log, seq, row, batchOf(log, contract), contractAt(contracts, contract))
    },
    of: contract => batchOf(log, contract).seq,
    withValue: rowFinder(log),
  }
}

function eventView(log: Log, seq: number, row: number, batch: Batch, contract: PlanContract): EventView {
  return {
    seq,
    contract: batch.contract,
    time: batch.time[row] ?? 0,
    file: log.files[batch.file[row] ?? 0] ?? '',
    index: batch.index[row] ?? 0,
    has: path => batch.columns.has(path.join('.')),
    value(path) {
      const column = batch.columns.get(path.join('.'))
      const type = typeAt(contract, path)
      if (withoutOptional(type).kind === 'record') return recordAt(log, batch, row, path, type)
      if (column === undefined) throw new Error(`${contract.name}.${path.join('.')} was not read from the log`)
      return valueAt(log, column, row)
    },
  }
}

function valueAt(log: Log, column: Column, row: number): Value {
  switch (column.kind) {
    case 'bool': {
      const code = column.values[row]
      return code === 0 ? false : code === 1 ? true : code === 2 ? unknown : absent
    }
    case 'code':
      return textAt(log, column.values, row)
    case 'number':
      return numberAt(column, row)
    case 'money': {
      const amount = numberAt({ ...column, kind: 'number' }, row)
      const currency = textAt(log, column.currency, row)
      return typeof amount === 'object' && 'd' in amount && typeof currency === 'string' ? { amount, currency } : amount
    }
    case 'value':
      return column.values[row] ?? absent
  }
}

function textAt(log: Log, codes: Int32Array, row: number): string | typeof absent | typeof unknown {
  const code = codes[row] ?? -1
  return code >= 0 ? log.dictionary.text(code) : code === -1 ? absent : unknown
}

function numberAt(column: NumberColumn, row: number): Value {
  const scaled = column.values[row] ?? Number.NaN
  if (!Number.isNaN(scaled)) return rational(BigInt(scaled), 10n ** BigInt(column.scale))
  const side = column.exact.get(row)
  return side === undefined ? absent : typeof side === 'string' ? absenceValue(side) : side
}

function absenceValue(absence: Absence): typeof absent | typeof unknown {
  return absence === 'absent' ? absent : unknown
}

/**
 * A record at the top is put together from its leaves. Whether an optional one is there is a column of its own; a required one
 * whose every field is unknown is unknown.
 */
function recordAt(log: Log, batch: Batch, row: number, path: readonly string[], type: Type): Value {
  if (type.kind === 'optional') {
    const presence = batch.columns.get(path.join('.'))
    if (presence === undefined) throw new Error(`${path.join('.')} was not read from the log`)
    const present = valueAt(log, presence, row)
    if (present !== true) return present === unknown ? unknown : absent
  }
  const fields: Record<string, Value> = {}
  let anyKnown = type.kind === 'optional'
  const inner = withoutOptional(type)
  if (inner.kind !== 'record') throw new Error(`${path.join('.')} is no record`)
  for (const field of inner.fields) {
    const value = memberAt(log, batch, row, [...path, field.name], field)
    fields[field.name] = value
    anyKnown ||= value !== unknown
  }
  return anyKnown || inner.fields.length === 0 ? { fields } : unknown
}

function memberAt(log: Log, batch: Batch, row: number, path: readonly string[], field: FieldType): Value {
  if (withoutOptional(field.type).kind === 'record') return recordAt(log, batch, row, path, field.type)
  const column = batch.columns.get(path.join('.'))
  if (column === undefined) throw new Error(`${path.join('.')} was not read from the log`)
  return valueAt(log, column, row)
}

function typeAt(contract: PlanContract, path: readonly string[]): Type {
  let fields: readonly FieldType[] = contract.fields
  let type: Type | undefined
  for (const name of path) {
    type = fields.find(field => field.name === name)?.type
    const inner = type === undefined ? undefined : withoutOptional(type)
    fields = inner?.kind === 'record' ? inner.fields : []
  }
  if (type === undefined) throw new Error(`${contract.name} has no field ${path.join('.')}`)
  return type
}

function batchOf(log: Log, contract: number): Batch {
  const batch = log.batches[contract]
  if (batch === undefined) throw new RangeError(`the log has no contract ${contract}`)
  return batch
}

function contractAt(contracts: readonly PlanContract[], contract: number): PlanContract {
  const found = contracts[contract]
  if (found === undefined) throw new RangeError(`there is no contract ${contract}`)
  return found
}
