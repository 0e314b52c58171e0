/**
 * What the language server takes from `writ.json`: levels of problems, and how implicit flow is reported. Tolerant, because the
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
}

export const defaultSettings: Settings = {
  levels: new Map(),
  implicit: 'off',
  history: { revision: null, folder: null },
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
  return { levels, implicit: implicit.success ? implicit.data : 'off', history: { revision, folder } }
}

const levelSchema = z.enum(['off', 'information', 'warning', 'error'])
const implicitSchema = z.enum(['off', 'warn', 'error'])
const historySchema = z.object({ revision: z.optional(z.string()), folder: z.optional(z.string()) })
const fileSchema = z.object({
  lint: z.optional(z.record(z.string(), z.unknown())),
  history: z.optional(z.unknown()),
  privacy: z.optional(z.object({ implicit: z.optional(z.unknown()) })),
})

/** What is an error by nature stays one. */
function isError(code: string): boolean {
  const kind = Object.entries(problemCatalogue).find(([known]) => known === code)
  return kind?.[1].severity === 'error'
}
