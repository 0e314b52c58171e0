/**
 * Tokens of a line to an event, by the maps of a source: the short way of map/event-mapper.ts, which decides what must come
 * out. Null where a source reads something that tokens do not have.
 */
import {
  type ColumnSlot,
  type FieldType,
  NumberBuilder,
  type PlanMap,
  type RawExpr,
  withoutOptional,
} from '@writ/engine'
import { type EventTime, eventTime, timeIn } from '../map/event-time.ts'
import type { MappingContext } from '../map/mapping-context.ts'
import { type RawReader, rawReader } from '../map/raw-values.ts'
import { type RawTree, rawTree } from './raw-tree.ts'
import { type TokenTest, tokenTest } from './token-tests.ts'
import { conditionPaths, pathsOf, recordReader } from './token-values.ts'
import { fieldPaths, type TokenWriter, tokenTime, tokenWriter } from './token-writers.ts'
import { Tokens, tokenNumber } from './tokens.ts'

/** What is read of a line, and where it is put. */
export interface TokenPlaces {
  readonly tree: RawTree
  readonly tokens: Tokens
}

export interface TokenMapper extends TokenPlaces {
  /** Makes an event of the tokens, which are those of the record with this place. */
  record(line: number, index: number): void
}

/** `known`: of an earlier mapper for the same source and columns. */
export function tokenMapper(context: MappingContext, known: TokenPlaces | null = null): TokenMapper | null {
  const { maps } = context.source
  const paths = maps.flatMap(map => mapPaths(context, map))
  // The whole record as a value, and names without bytes of their own, are left to JSON.parse.
  if (paths.some(path => path.length === 0 || path.some(name => !name.isWellFormed()))) return null
  const tree = known?.tree ?? rawTree(paths)
  const tokens = known?.tokens ?? new Tokens(tree.nodes.length)
  const compiled = maps.map(map => compileMap(context, map, tree, tokens))
  return {
    tree,
    tokens,
    record(line, index) {
      context.beginRecord(line, index)
      for (const map of compiled) {
        if (!map.takes()) continue
        const time = map.time()
        if (!context.admits(time, map.timePath, map.rawTime)) return
        for (const write of map.writers) write()
        context.placeEvent(map.contract)
        return
      }
      context.counts.skipped++
    },
  }
}

interface CompiledMap {
  readonly contract: number
  readonly takes: TokenTest
  readonly time: () => number
  readonly rawTime: () => ReturnType<RawReader>
  readonly timePath: string
  readonly writers: readonly TokenWriter[]
}

function slotsOf(context: MappingContext, map: PlanMap) {
  return new Map((context.builder.columns[map.contract] ?? []).map(slot => [slot.leaf.key, slot]))
}

function mappedValue(map: PlanMap, field: string): PlanMap['fields'][number]['value'] {
  return map.fields.find(mapped => mapped.field === field)?.value ?? { kind: 'missing' }
}

function mapPaths(context: MappingContext, map: PlanMap): readonly (readonly string[])[] {
  const contract = context.contract(map.contract)
  const slots = slotsOf(context, map)
  const time = eventTime(context.source, map, contract)
  return [
    ...(map.when === null ? [] : conditionPaths(map.when)),
    ...(time.kind === 'order' ? [] : pathsOf(time.value)),
    ...contract.fields.flatMap(field => fieldPaths(field, mappedValue(map, field.name), slots)),
  ]
}

function compileMap(context: MappingContext, map: PlanMap, tree: RawTree, tokens: Tokens): CompiledMap {
  const contract = context.contract(map.contract)
  const { place, builder } = context
  const parts = {
    tree,
    tokens,
    place,
    slots: slotsOf(context, map),
    report: context.report(contract),
    interner: builder.interner,
  }
  const time = eventTime(context.source, map, contract)
  return {
    contract: map.contract,
    takes: tokenTest(map.when, tree, tokens, place),
    ...compileTime(time, context, tree, tokens),
    writers: contract.fields.flatMap(
      field =>
        timeWriter(field, mappedValue(map, field.name), time, parts.slots, context) ??
        tokenWriter(field, mappedValue(map, field.name), parts) ??
        [],
    ),
  }
}

/** The column of a field that is read from where the time of the event is: the time is known already. Null for any other field. */
function timeWriter(
  field: FieldType,
  value: RawExpr,
  time: EventTime,
  slots: ReadonlyMap<string, ColumnSlot>,
  context: MappingContext,
): TokenWriter | null {
  const builder = slots.get(field.name)?.builder
  if (time.kind !== 'raw' || time.unit !== 'iso8601' || field.refinement !== null) return null
  if (!(builder instanceof NumberBuilder) || withoutOptional(field.type).kind !== 'time') return null
  if (value.kind !== 'path' || time.value.kind !== 'path' || value.path.join('.') !== time.value.path.join('.'))
    return null
  return () => builder.push(context.time, 0)
}

function compileTime(
  time: EventTime,
  { place }: MappingContext,
  tree: RawTree,
  tokens: Tokens,
): Pick<CompiledMap, 'time' | 'rawTime' | 'timePath'> {
  if (time.kind === 'order') return { time: () => place.index * 1000, rawTime: () => undefined, timePath: '' }
  const read = rawReader(time.value)
  const record = recordReader(tree, tokens, pathsOf(time.value))
  const rawTime = () => read(record(), place)
  const byValue = (): number => timeIn(time.unit, rawTime())
  const slot = time.value.kind === 'path' ? tree.find(time.value.path)?.slot : undefined
  if (slot === undefined) return { time: byValue, rawTime, timePath: time.path }
  if (time.unit === 'iso8601') {
    return {
      time: () => {
        const quick = tokenTime(tokens, slot)
        return Number.isNaN(quick) ? byValue() : quick
      },
      rawTime,
      timePath: time.path,
    }
  }
  const factor = time.unit === 'seconds' ? 1000 : 1
  // The last second that a date can have, so that the product stays exact.
  const latest = 8_640_000_000_000
  return {
    time: () => {
      const number = tokens.numbers[slot] as number
      const isWhole = tokens.kinds[slot] === tokenNumber && tokens.scales[slot] === 0
      return isWhole && Math.abs(number) <= latest ? number * factor + 0 : byValue()
    },
    rawTime,
    timePath: time.path,
  }
}
