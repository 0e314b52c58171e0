/**
 * Reads `writ.json`. Without one, every setting has its default and nothing is loaded. Mistakes in it name the line; what a
 * setting means is the business of who uses it (events.ts for logs, program.ts for levels).
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problemCatalogue } from '@writ/grammar'
import { suggestion } from '../nearest.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import { placeInJson } from './place-in-json.ts'

export interface Settings {
  /** Null where there is no writ.json. */
  readonly path: string | null
  readonly events: ReadonlyMap<string, EventLog>
  readonly source: string | null
  readonly levels: ReadonlyMap<string, Level>
}
export interface EventLog {
  /** Relative to the workspace. */
  readonly path: string
  readonly source: string | null
}
export type Level = 'off' | 'information' | 'warning' | 'error'

export const settingsName = 'writ.json'

/** `shown` is how messages name the file. */
export async function readSettings(folder: string, shown: string): Promise<Settings | Refusal> {
  const path = join(folder, settingsName)
  if (!existsSync(path)) return { path: null, events: new Map(), source: null, levels: new Map() }
  let text: string
  try {
    text = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    return refuse('W3011', { path: shown, why: reason(error), hint: 'Make it readable, or take it away.' })
  }
  const raw = parseJson(text, shown)
  if (isParsed(raw)) return await interpret(raw.value, text, shown, path)
  return raw
}

interface Parsed {
  readonly value: unknown
}
function isParsed(result: Parsed | Refusal): result is Parsed {
  return !isRefusal(result)
}

function parseJson(text: string, shown: string): Parsed | Refusal {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    // V8 says "Unexpected token … in JSON at position 12 (line 1 column 13)"; at the end of the text it gives no position.
    const message = reason(error)
    const position = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length)
    const why = message.replace(/\s*(?:in JSON )?at position .*$/, '').replace(/, (?:\.\.\.)?".*$/s, '')
    return refuse('W3014', { path: shown, why: lowered(why) }, `${shown}:${lineAndColumn(text, position)}`)
  }
}

async function interpret(raw: unknown, text: string, shown: string, path: string): Promise<Settings | Refusal> {
  const { settingsSchema } = await import('./schema.ts')
  const result = settingsSchema.safeParse(raw)
  if (!result.success) {
    const issue = result.error.issues[0]
    if (issue === undefined) throw new Error('a failed check names an issue')
    return wrongMember(issue, text, shown)
  }
  for (const [code, level] of Object.entries(result.data.lint ?? {})) {
    const wrong = wrongLevel(code, level)
    if (wrong === undefined) continue
    const place = `${shown}:${lineAndColumn(text, placeInJson(text, ['lint', code]))}`
    return refuse('W3015', { member: `lint.${code}`, path: shown, ...wrong }, place)
  }
  return {
    path,
    events: new Map(
      Object.entries(result.data.events ?? {}).map(([name, log]) => [
        name,
        { path: log.path, source: log.source ?? null },
      ]),
    ),
    source: result.data.source ?? null,
    levels: new Map(Object.entries(result.data.lint ?? {})),
  }
}

interface Issue {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

function wrongMember(issue: Issue, text: string, shown: string): Refusal {
  const path = issue.path.map(String)
  const unknown = issue.keys?.[0]
  const at = unknown === undefined ? path : [...path, unknown]
  const place = `${shown}:${lineAndColumn(text, placeInJson(text, at))}`
  const member = at.length === 0 ? 'the whole text' : at.join('.')
  if (unknown !== undefined) {
    const known = path.length === 0 ? ['events', 'source', 'lint'] : ['path', 'source']
    const hint = `Known here: ${known.join(', ')}.${suggestion(unknown, known)}`
    return refuse('W3015', { member, path: shown, why: 'there is no such setting', hint }, place)
  }
  const hint = 'docs/schemas/writ.json.schema.json says what it may hold.'
  return refuse('W3015', { member, path: shown, why: lowered(issue.message), hint }, place)
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
function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
function lowered(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
