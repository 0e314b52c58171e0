/** Plans by hand for the tests of the ledger: contracts and sources in a few words, and logs in a folder of their own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  columnView,
  type EventView,
  type FieldType,
  type Plan,
  type PlanContract,
  type PlanMap,
  type PlanSource,
  type RawExpr,
  type Type,
} from '@writ/engine'
import { onTestFinished } from 'vitest'
import { type OpenedEvents, type OpenOptions, openEvents } from '../src/node/index.ts'

const span = { file: 0, start: 0, end: 0 }

export const bool: Type = { kind: 'bool' }
export const text: Type = { kind: 'string' }
export const int: Type = { kind: 'int' }
export const decimal: Type = { kind: 'decimal' }
export const time: Type = { kind: 'time' }
export const money: Type = { kind: 'money', currency: null }
export const optional = (inner: Type): Type => ({ kind: 'optional', inner })
export const list = (element: Type): Type => ({ kind: 'list', element })
export const record = (fields: Readonly<Record<string, Type>>): Type => ({
  kind: 'record',
  name: null,
  fields: fieldTypes(fields),
})
export const oneOf = (...members: readonly string[]): Type => ({ kind: 'enum', name: null, members })

export function fieldTypes(fields: Readonly<Record<string, Type>>): readonly FieldType[] {
  return Object.entries(fields).map(([name, type]) => ({ name, type, refinement: null, classes: [] }))
}

/** `timeField`: the field marked `time`. */
export function contract(
  name: string,
  fields: Readonly<Record<string, Type>>,
  timeField: string | null = null,
): PlanContract {
  return {
    name,
    module: 'test',
    version: '1.0.0',
    fields: fieldTypes(fields),
    timeField,
    requesterField: null,
    keyFields: [],
    quality: [],
    freshnessMilliseconds: null,
    retentionMilliseconds: null,
    checks: [],
    span,
  }
}

/** A map for each contract without one takes every record and reads the fields by their names. */
export function source(format: PlanSource['format'], given: Partial<PlanSource> = {}): PlanSource {
  return {
    name: format,
    format,
    files: [],
    time: { kind: 'contract' },
    latenessMilliseconds: 0,
    lateMode: 'record',
    maps: [],
    span,
    ...given,
  }
}

export function map(contract: number, when: PlanMap['when'], fields: Readonly<Record<string, RawExpr>>): PlanMap {
  return { contract, when, fields: Object.entries(fields).map(([field, value]) => ({ field, value })) }
}

export const path = (dotted: string): RawExpr => ({ kind: 'path', path: dotted.split('.') })
export const literal = (value: string | number | boolean): RawExpr => ({ kind: 'literal', value, text: String(value) })

export function plan(contracts: readonly PlanContract[], sources: readonly PlanSource[] = []): Plan {
  const named = sources.map(one =>
    one.maps.length > 0
      ? one
      : {
          ...one,
          maps: contracts.map((of, number) =>
            map(
              number,
              null,
              Object.fromEntries(of.fields.map(({ name }) => [name, { kind: 'path', path: [name] } as const])),
            ),
          ),
        },
  )
  return {
    files: [],
    contracts,
    sources: named,
    roles: [],
    policies: [],
    layers: [],
    exceptions: [],
    properties: [],
    rollouts: [],
    sinks: [],
    indicators: [],
    objectives: [],
    tests: [],
  }
}

/** Writes the files into a new folder that goes with the test; gives its path. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'writ-ledger-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return root
}

/** Opens one file with this content. */
export async function open(
  of: Plan,
  name: string,
  content: string | Uint8Array,
  options: OpenOptions = {},
): Promise<OpenedEvents> {
  return openEvents(of, join(folder({ [name]: content }), name), options)
}

export function events(of: Plan, opened: OpenedEvents): readonly EventView[] {
  const view = columnView(opened.log, of.contracts)
  return Array.from({ length: view.size }, (_, seq) => view.event(seq))
}

/** The values of a field, event by event. */
export function values(of: Plan, opened: OpenedEvents, dotted: string): readonly unknown[] {
  return events(of, opened).map(event => event.value(dotted.split('.')))
}

/** Findings as `code file:line path`. */
export function found(opened: OpenedEvents): readonly string[] {
  return opened.findings.map(({ code, file, line, path: at }) =>
    [code, line === null ? file : `${file}:${line}`, at].filter(Boolean).join(' '),
  )
}
