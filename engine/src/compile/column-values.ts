/**
 * Columns read back as exact values, row by row: for the places where the fast path gives up. Records are put together by
 * the log's own view (log/column-view.ts).
 */
import { columnView } from '../log/column-view.ts'
import type { Column, Log, MoneyColumn, NumberColumn } from '../log/columns.ts'
import { withoutOptional } from '../log/leaves.ts'
import { type Rational, rational } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { absent, unknown, type Value } from '../value/value.ts'
import type { Cursor, Read, Scope } from './scope.ts'

/** Reads the field at `path` of the row at which `cursor` stands; `type` is the field's. */
export function fieldReader(scope: Scope, cursor: Cursor, path: readonly string[], type: Type): Read {
  const column = cursor.batch.columns.get(path.join('.'))
  if (withoutOptional(type).kind === 'record') {
    const view = columnView(scope.log, scope.plan.contracts)
    return () => view.event(cursor.batch.seq[cursor.row] as number).value(path)
  }
  if (column === undefined) throw new Error(`the log has no column ${path.join('.')} for contract ${cursor.contract}`)
  const read = columnReader(scope.log, column)
  return () => read(cursor.row)
}

/** The value of a column at a row. */
export function columnReader(log: Log, column: Column): (row: number) => Value {
  switch (column.kind) {
    case 'bool': {
      const { values } = column
      return row => {
        const code = values[row]
        return code === 0 ? false : code === 1 ? true : code === 2 ? unknown : absent
      }
    }
    case 'code': {
      const { values } = column
      return row => textOf(log, values[row] as number)
    }
    case 'number':
      return row => numberOf(column, row)
    case 'money':
      return row => {
        const amount = numberOf(column, row)
        if (typeof amount === 'symbol') return amount
        const currency = textOf(log, column.currency[row] as number)
        return typeof currency === 'symbol' ? currency : { amount, currency }
      }
    case 'value': {
      const { values } = column
      return row => values[row] ?? absent
    }
  }
}

function textOf(log: Log, code: number): string | typeof absent | typeof unknown {
  return code >= 0 ? log.dictionary.text(code) : code === -1 ? absent : unknown
}

function numberOf(column: NumberColumn | MoneyColumn, row: number): Rational | typeof absent | typeof unknown {
  const scaled = column.values[row] as number
  if (!Number.isNaN(scaled)) {
    return column.scale === 0 ? { n: BigInt(scaled), d: 1n } : rational(BigInt(scaled), 10n ** BigInt(column.scale))
  }
  const side = column.exact.get(row)
  return side === undefined || side === 'absent' ? absent : side === 'unknown' ? unknown : side
}
