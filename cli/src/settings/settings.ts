/**
 * Reads `writ.json`. Without one, every setting has its default and nothing is loaded. Mistakes in it name the line; what a
 * setting means is the business of who uses it (events.ts for logs, program.ts for levels).
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problemCatalogue } from '@writ/grammar'
import { suggestion } from '../nearest.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { type PlacedJson, readJson } from './json-with-places.ts'

export interface Settings {
  /** Null where there is no writ.json. */
  readonly path: string | null
  readonly events: ReadonlyMap<string, EventLog>
  /** Files of baselines by name, relative to the workspace. */
  readonly baselines: ReadonlyMap<string, string>
  readonly source: string | null
  readonly levels: ReadonlyMap<string, Level>
  /** How implicit privacy flow is reported. */
  readonly implicit: 'off' | 'warn' | 'error'
  /** What contracts and policies are held against; both null: HEAD. */
  readonly history: { readonly revision: string | null; readonly folder: string | null }
  readonly gate: GateSettings
}
/** What a comparison of two versions lets through; null: anything. */
export interface GateSettings {
  readonly maxFlips: number | null
  readonly maxNewDenials: number | null
  readonly maxNewPermits: number | null
  /** Requests for approval of one role on one day. */
  readonly maxApprovalLoad: number | null
  readonly requireTestsForFlips: boolean
}
export interface EventLog {
  /** Relative to the workspace. */
  readonly path: string
  readonly source: string | null
}
export type Level = 'off' | 'information' | 'warning' | 'error'

export const settingsName = 'writ.json'

const noHistory = { revision: null, folder: null }
const noGate: GateSettings = {
  maxFlips: null,
  maxNewDenials: null,
  maxNewPermits: null,
  maxApprovalLoad: null,
  requireTestsForFlips: false,
}
const noSettings: Settings = {
  path: null,
  events: new Map(),
  baselines: new Map(),
  source: null,
  levels: new Map(),
  implicit: 'off',
  history: noHistory,
  gate: noGate,
}

/** `shown` is how messages name the file. */
export async function readSettings(folder: string, shown: string): Promise<Settings | Refusal> {
  const path = join(folder, settingsName)
  if (!existsSync(path)) return noSettings
  let text: string
  try {
    text = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    return refuse('W3011', {
      path: shown,
      why: error instanceof Error ? error.message : String(error),
      hint: 'Make it readable, or take it away.',
    })
  }
  const json = readJson(text)
  if ('expected' in json) {
    const found = json.offset < text.length ? `found ${text.slice(json.offset, json.offset + 1)}` : 'the file ends'
    const why = `${found} where ${json.expected} belongs`
    return refuse('W3014', { path: shown, why }, `${shown}:${lineAndColumn(text, json.offset)}`)
  }
  return await interpret(json, path, { shown, at: offset => `${shown}:${lineAndColumn(text, offset)}` })
}

/** How messages name the file and places in it. */
interface Told {
  readonly shown: string
  readonly at: (offset: number) => string
}

async function interpret(json: PlacedJson, path: string, told: Told): Promise<Settings | Refusal> {
  const { settingsSchema } = await import('./schema.ts')
  const result = settingsSchema.safeParse(json.value)
  if (!result.success) return wrongMember(result.error.issues, json, told)
  for (const [code, level] of Object.entries(result.data.lint ?? {})) {
    const wrong = wrongLevel(code, level)
    if (wrong === undefined) continue
    const member = `lint.${code}`
    return refuse('W3015', { member, path: told.shown, ...wrong }, told.at(json.placeOf(['lint', code])))
  }
  return {
    path,
    events: new Map(
      Object.entries(result.data.events ?? {}).map(([name, log]) => [
        name,
        { path: log.path, source: log.source ?? null },
      ]),
    ),
    baselines: new Map(Object.entries(result.data.baselines ?? {})),
    source: result.data.source ?? null,
    levels: new Map(Object.entries(result.data.lint ?? {})),
    implicit: result.data.privacy?.implicit ?? 'off',
    history: {
      revision: result.data.history?.revision ?? null,
      folder: result.data.history?.folder ?? null,
    },
    gate: gateOf(result.data.gate ?? {}),
  }
}

function gateOf(given: { readonly [K in keyof GateSettings]?: GateSettings[K] | undefined }): GateSettings {
  return {
    maxFlips: given.maxFlips ?? null,
    maxNewDenials: given.maxNewDenials ?? null,
    maxNewPermits: given.maxNewPermits ?? null,
    maxApprovalLoad: given.maxApprovalLoad ?? null,
    requireTestsForFlips: given.requireTestsForFlips ?? false,
  }
}

/** What is used of zod's issues, which are a union of a dozen kinds. */
interface Issue {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly keys?: readonly string[]
  readonly expected?: string
  readonly values?: readonly unknown[]
  readonly input?: unknown
}

function wrongMember(issues: readonly Issue[], json: PlacedJson, told: Told): Refusal {
  // A misspelt name explains that another is missing, not the other way round.
  const issue = issues.find(one => one.code === 'unrecognized_keys') ?? issues[0]
  if (issue === undefined) throw new Error('a failed check names an issue')
  const path = issue.path.map(String)
  const unknown = issue.keys?.[0]
  const at = unknown === undefined ? path : [...path, unknown]
  const member = at.length === 0 ? 'the whole text' : at.join('.')
  const parameters = { member, path: told.shown }
  const place = told.at(json.placeOf(at))
  if (unknown !== undefined) {
    const known = knownIn(path)
    const hint = `Known here: ${known.join(', ')}.${suggestion(unknown, known)}`
    return refuse('W3015', { ...parameters, why: 'there is no such setting', hint }, place)
  }
  const hint = 'docs/schemas/writ.json.schema.json says what it may hold.'
  return refuse('W3015', { ...parameters, why: issueWords(issue), hint }, place)
}

function knownIn(path: readonly string[]): readonly string[] {
  if (path.length === 0) return ['events', 'baselines', 'source', 'lint', 'history', 'gate', 'privacy']
  if (path[0] === 'gate') return Object.keys(noGate)
  if (path[0] === 'history') return ['revision', 'folder']
  return path[0] === 'privacy' ? ['implicit'] : ['path', 'source']
}

function issueWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `it must be ${issue.expected === 'object' || issue.expected === 'record' ? 'an object' : `a ${issue.expected}`}`
    case 'invalid_value':
      return `it must be one of ${(issue.values ?? []).join(', ')}`
    case 'too_small':
      return 'it must not be empty'
    case 'invalid_key':
      return 'its name is not of the right form'
    default:
      return 'it is not of the right form'
  }
}

function wrongLevel(code: string, level: Level): { why: string; hint: string } | undefined {
  const known = new Map<string, { readonly severity: string }>(Object.entries(problemCatalogue))
  const kind = known.get(code)
  if (kind === undefined) {
    return { why: 'there is no such problem code', hint: `Take it out.${suggestion(code, known.keys())}` }
  }
  if (kind.severity === 'error' && level !== 'error') {
    return { why: `${code} is an error and cannot be lowered to ${level}`, hint: 'Take it out and mend the error.' }
  }
  return undefined
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}
