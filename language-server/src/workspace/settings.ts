/**
 * What the language server takes from `writ.json`: levels of problems, how implicit flow is reported, and files of baselines. Tolerant, because the
 * file is being written while this reads it: what has no meaning has its default. Its mistakes are named by the command and by the
 * published schema.
 */
import { problemCatalogue, type Severity } from '@writ/grammar'
import * as z from 'zod/mini'

export interface Settings {
  /** Severity by problem code; `off` leaves the problem out. */
  readonly levels: ReadonlyMap<string, Severity | 'off'>
  readonly implicit: 'off' | 'warn' | 'error'
  /** What the workspace is held against; both null: HEAD. */
  readonly history: { readonly revision: string | null; readonly folder: string | null }
  /** Files of baselines by name, relative to the folder. */
  readonly baselines: ReadonlyMap<string, string>
}

export const defaultSettings: Settings = {
  levels: new Map(),
  implicit: 'off',
  history: { revision: null, folder: null },
  baselines: new Map(),
}

/** The settings of a `writ.json`; the defaults where it is no JSON. */
export function readSettings(text: string): Settings {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // It is being edited.
    return defaultSettings
  }
  const file = fileSchema.safeParse(json)
  if (!file.success) return defaultSettings
  const levels = new Map<string, Severity | 'off'>()
  for (const [code, value] of Object.entries(file.data.lint ?? {})) {
    const level = levelSchema.safeParse(value)
    if (level.success && !isError(code)) levels.set(code, level.data)
  }
  const implicit = implicitSchema.safeParse(file.data.privacy?.implicit)
  const history = historySchema.safeParse(file.data.history)
  const { revision = null, folder = null } = history.success ? history.data : {}
  const baselines = new Map(
    Object.entries(file.data.baselines ?? {}).flatMap(([name, path]) =>
      typeof path === 'string' ? [[name, path]] : [],
    ),
  )
  return { levels, implicit: implicit.success ? implicit.data : 'off', history: { revision, folder }, baselines }
}

const levelSchema = z.enum(['off', 'information', 'warning', 'error'])
const implicitSchema = z.enum(['off', 'warn', 'error'])
const historySchema = z.object({ revision: z.optional(z.string()), folder: z.optional(z.string()) })
const fileSchema = z.object({
  lint: z.optional(z.record(z.string(), z.unknown())),
  history: z.optional(z.unknown()),
  privacy: z.optional(z.object({ implicit: z.optional(z.unknown()) })),
  baselines: z.optional(z.record(z.string(), z.unknown())),
})

/** What is an error by nature stays one. */
function isError(code: string): boolean {
  const kind = Object.entries(problemCatalogue).find(([known]) => known === code)
  return kind?.[1].severity === 'error'
}
