/** The whole catalogue, and the one function that makes problems from it. */
import type { Span } from '../span.ts'
import { analysisProblems } from './analysis.ts'
import { auditProblems } from './audit.ts'
import { commandProblems } from './command.ts'
import { contractProblems } from './contracts.ts'
import { evolutionProblems } from './evolution.ts'
import { findingProblems } from './findings.ts'
import { generalProblems } from './general.ts'
import { governanceProblems } from './governance.ts'
import { historyProblems } from './history.ts'
import { measureProblems } from './measures.ts'
import { nameProblems } from './names.ts'
import { noticeProblems } from './notices.ts'
import { obligationProblems } from './obligations.ts'
import { optionalProblems } from './optionals.ts'
import { policyProblems } from './policies.ts'
import { privacyProblems } from './privacy.ts'
import type { Fix, Problem, ProblemKind, RelatedPlace } from './problem.ts'
import { sourceProblems } from './sources.ts'
import { storeProblems } from './store.ts'
import { syntaxProblems } from './syntax.ts'
import { testProblems } from './tests.ts'
import { typeProblems } from './types.ts'
import { unitProblems } from './units.ts'

/** Every code Writ can report. One file per hundred codes beside this one; each code has a page in docs/problems. */
export const problemCatalogue = {
  ...generalProblems,
  ...syntaxProblems,
  ...nameProblems,
  ...typeProblems,
  ...optionalProblems,
  ...unitProblems,
  ...contractProblems,
  ...evolutionProblems,
  ...sourceProblems,
  ...policyProblems,
  ...obligationProblems,
  ...governanceProblems,
  ...measureProblems,
  ...historyProblems,
  ...testProblems,
  ...analysisProblems,
  ...privacyProblems,
  ...noticeProblems,
  ...findingProblems,
  ...commandProblems,
  ...auditProblems,
  ...storeProblems,
} as const satisfies Readonly<Record<string, ProblemKind>>

export type ProblemCode = keyof typeof problemCatalogue

/** Fills the message of `code` from `parameters`. A parameter that the message names and the caller forgot is a programmer's mistake and throws. */
export function problem(
  code: ProblemCode,
  span: Span,
  parameters: Readonly<Record<string, string | number>> = {},
  more: { readonly related?: readonly RelatedPlace[]; readonly fixes?: readonly Fix[] } = {},
): Problem {
  const kind: ProblemKind = problemCatalogue[code]
  const message = kind.message.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (value === undefined) throw new Error(`problem ${code} needs the parameter ${name}`)
    return String(value)
  })
  return { code, severity: kind.severity, message, span, related: more.related ?? [], fixes: more.fixes ?? [] }
}
