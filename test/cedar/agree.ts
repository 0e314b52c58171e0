/** Decides requests both ways: by Cedar's own build for WebAssembly, and by the imported policies on the engine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { check, decisionWords, evaluate } from '@writ/engine'
import { parse } from '@writ/grammar'
import {
  type CedarEntity,
  type CedarRequest,
  type ImportedPolicies,
  importCedar,
  requestEvent,
} from '@writ/ledger/cedar'
import { openEvents } from '@writ/ledger/node'

export interface CedarCase {
  readonly policies: string
  readonly schema: string | null
  readonly entities: readonly CedarEntity[]
  readonly requests: readonly CedarRequest[]
  /** False: Cedar is not given the schema, which it would hold the entities against. */
  readonly conforming?: boolean
}
export interface Agreement {
  readonly imported: ImportedPolicies
  readonly allowed: number
  /** Requests about which the two differ, in words. */
  readonly differing: readonly string[]
}

/** Throws where the import or its text is refused. */
export async function agreement({ policies, schema, entities, requests, conforming }: CedarCase): Promise<Agreement> {
  const imported = importCedar(
    { name: 'policies.cedar', text: policies },
    schema === null ? null : { name: 'policies.cedarschema', text: schema },
  )
  if ('unreadable' in imported) throw new Error(`${imported.place}: ${imported.unreadable}`)
  const own = await decided(
    imported,
    requests.map(request => requestEvent(imported.shape, request, entities)),
  )
  let allowed = 0
  const differing = requests.flatMap((request, i) => {
    const wanted = byCedar(policies, conforming === false ? null : schema, entities, request)
    if (wanted === 'allow') allowed++
    return wanted === own[i] ? [] : [`${JSON.stringify(request)}: Cedar ${wanted}, here ${own[i]}`]
  })
  return { imported, allowed, differing }
}

async function decided(imported: ImportedPolicies, events: readonly object[]): Promise<readonly string[]> {
  const { plan, problems } = check([parse('imported.writ', imported.text)])
  if (!plan)
    throw new Error(`${problems.map(({ code, message }) => `${code} ${message}`).join('\n')}\n${imported.text}`)
  const folder = mkdtempSync(join(tmpdir(), 'writ-cedar-'))
  try {
    const path = join(folder, 'requests.ndjson')
    writeFileSync(path, events.map(event => `${JSON.stringify(event)}\n`).join(''))
    const opened = await openEvents(plan, path)
    if (opened.problem !== null) throw new Error(opened.problem.message)
    const { decisions } = evaluate(plan, opened.log)
    return Array.from({ length: decisions.size }, (_, i) =>
      decisionWords[decisions.decision[i] ?? 0] === 'permit' ? 'allow' : 'deny',
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function byCedar(
  policies: string,
  schema: string | null,
  entities: readonly CedarEntity[],
  { principal, action, resource, context }: CedarRequest,
): string {
  const answer = cedar.isAuthorized({
    principal,
    action,
    resource,
    context: context as cedar.Context,
    policies: { staticPolicies: policies },
    entities: entities as unknown as cedar.Entities,
    ...(schema === null ? {} : { schema: /^\s*\{/.test(schema) ? JSON.parse(schema) : schema, validateRequest: false }),
  })
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'))
  return answer.response.decision
}

/** What Cedar's strict validator says against the policies; empty: nothing. */
export function validated(policies: string, schema: string): readonly string[] {
  const answer = cedar.validate({
    schema: /^\s*\{/.test(schema) ? JSON.parse(schema) : schema,
    policies: { staticPolicies: policies },
    validationSettings: { mode: 'strict' },
  })
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message)
  return answer.validationErrors.map(({ error }) => error.message)
}
