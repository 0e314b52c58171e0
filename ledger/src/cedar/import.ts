/**
 * Cedar policies and their schema as a module of the language: one contract for requests, one policy that denies by default and in
 * which what denies wins. What has no equivalent is a loss with its place; a `forbid` among them denies whatever its scope names, so
 * that nothing is permitted that Cedar would not permit.
 */
import { check } from '@writ/engine'
import { format, parse } from '@writ/grammar'
import { quoted } from '../contracts/contract-text.ts'
import { identifier, unusedName } from '../draft/names.ts'
import { type CedarExpr, type CedarPolicy, parsePolicies } from './policies.ts'
import type { CedarSchema } from './schema.ts'
import { parseSchemaJson } from './schema-json.ts'
import { parseSchemaText } from './schema-text.ts'
import { RequestShape, type ShapeNode, typeText } from './shape.ts'
import { CedarError } from './tokens.ts'
import { type Translated, Translator } from './translate.ts'

export interface CedarFile {
  /** As messages call it. */
  readonly name: string
  readonly text: string
}

export interface ImportedPolicies {
  /** A whole file. */
  readonly text: string
  /** Rules by the id of the policy of Cedar. */
  readonly rules: readonly { readonly policy: string; readonly rule: string }[]
  readonly losses: readonly CedarLoss[]
  /** How requests become events (request-event.ts). */
  readonly shape: RequestShape
}
export interface CedarLoss {
  /** `policies.cedar:12` */
  readonly place: string
  readonly policy: string | null
  readonly what: string
}
export interface UnreadableCedar {
  readonly unreadable: string
  /** `policies.cedar:12` */
  readonly place: string
}

/** Without a schema nothing is known of attributes: only scopes and comparisons of entities can be translated. */
export function importCedar(policies: CedarFile, schema: CedarFile | null): ImportedPolicies | UnreadableCedar {
  const declared =
    schema === null
      ? noSchema
      : read(schema, text => (/^\s*\{/.test(text) ? parseSchemaJson(text) : parseSchemaText(text)))
  if ('unreadable' in declared) return declared
  const parsed = read(policies, parsePolicies)
  if ('unreadable' in parsed) return parsed
  return translated(policies, parsed, declared)
}

const noSchema: CedarSchema = { entities: new Map(), actions: [] }

function read<T extends object>({ name, text }: CedarFile, parser: (text: string) => T): T | UnreadableCedar {
  try {
    return parser(text)
  } catch (error) {
    if (error instanceof CedarError) return { unreadable: error.message, place: placeOf(name, text, error.at) }
    throw error
  }
}

function placeOf(name: string, text: string, at: number): string {
  return `${name}:${text.slice(0, at).split('\n').length}`
}

interface Rule {
  readonly policy: CedarPolicy
  readonly condition: string
}

function translated(file: CedarFile, policies: readonly CedarPolicy[], schema: CedarSchema): ImportedPolicies {
  const shape = new RequestShape(schema)
  // What one policy reads of an entity decides how all of them have to name it: the first pass only looks.
  rulesOf(file, policies, new Translator(schema, shape))
  const { rules, losses } = rulesOf(file, policies, new Translator(schema, shape))
  const stem = file.name.replace(/^.*[/\\]/, '').replace(/\.cedar$/i, '')
  const module = identifier(stem.toLowerCase())
  const head = `module ${module}\n\n// Imported from ${file.name.replace(/[\p{Cc}]/gu, ' ')} (Cedar).\n\n${contractText(shape)}\n\n${sourceText}`
  const taken = new Set<string>()
  const named = rules.flatMap(rule => {
    const text = ruleText('one', rule)
    const error = errorOf(`${head}\n\n${policyText(module, [text])}`)
    if (error === null || rule.policy.effect === 'permit') {
      if (error !== null) losses.push(lossOf(file, rule.policy, rule.policy.at, error))
      return error === null ? [{ rule, name: unusedName(identifier(rule.policy.id.toLowerCase()), taken) }] : []
    }
    losses.push(lossOf(file, rule.policy, rule.policy.at, `${error}; it denies everything here`))
    return [{ rule: { ...rule, condition: 'true' }, name: unusedName(identifier(rule.policy.id.toLowerCase()), taken) }]
  })
  const texts = named.map(({ rule, name }) => ruleText(name, rule))
  return {
    text: format(`${head}\n\n${policyText(module, texts)}\n`),
    rules: named.map(({ rule, name }) => ({ policy: rule.policy.id, rule: name })),
    losses,
    shape,
  }
}

function rulesOf(file: CedarFile, policies: readonly CedarPolicy[], translator: Translator) {
  const losses: CedarLoss[] = []
  const rules: Rule[] = []
  for (const policy of policies) {
    const parts: { readonly body: CedarExpr; readonly kind: 'scope' | 'when' | 'unless' }[] = [
      ...policy.scope.map(body => ({ body, kind: 'scope' as const })),
      ...policy.conditions,
    ]
    const conditions: Translated[] = []
    const lost: CedarError[] = []
    for (const { body, kind } of parts)
      try {
        const condition = translator.condition(body)
        conditions.push(kind === 'unless' ? translator.not(condition) : condition)
      } catch (error) {
        if (!(error instanceof CedarError)) throw error
        lost.push(error)
      }
    const isTemplate = policy.scope.some(
      ({ kind, ...rest }) => kind === 'binary' && 'right' in rest && rest.right.kind === 'slot',
    )
    const consequence = isTemplate || policy.effect === 'permit' ? 'it is left out' : 'it denies without asking that'
    for (const { message, at } of lost) losses.push(lossOf(file, policy, at, `${message}; ${consequence}`))
    if (lost.length > 0 && (isTemplate || policy.effect === 'permit')) continue
    const condition = translator.all(conditions).text
    if (condition === 'false')
      losses.push(lossOf(file, policy, policy.at, 'it never holds by the schema; it is left out'))
    else rules.push({ policy, condition })
  }
  return { rules, losses }
}

function lossOf({ name, text }: CedarFile, policy: CedarPolicy, at: number, what: string): CedarLoss {
  return { place: placeOf(name, text, at), policy: policy.id, what }
}

function contractText({ principal, resource, context }: RequestShape): string {
  const field = (node: ShapeNode): string => `  ${node.name}: ${typeText(node)}`
  const told = context.members.size > 0 ? [field(context)] : []
  return [
    '/// A request for authorization, with what the policies read of its entities.',
    'contract Request version 1.0.0 {',
    field(principal),
    '  action: String',
    field(resource),
    ...told,
    '}',
  ].join('\n')
}

const sourceText = 'source requests {\n  format ndjson\n  time order\n  map Request {}\n}'

function ruleText(name: string, { policy, condition }: Rule): string {
  const when = condition === 'true' ? '' : `\n    when ${condition}`
  return `  rule ${name} ${quoted(policy.id)}${when}\n    ${policy.effect === 'permit' ? 'permit' : 'deny'}`
}

function policyText(name: string, rules: readonly string[]): string {
  return [
    `policy ${name} version 1.0.0 {`,
    '  on Request as r',
    '  combine strictest',
    '  default deny because "no policy permits this"',
    '',
    rules.join('\n\n'),
    '}',
  ].join('\n')
}

/** The first error of a file, in words. */
function errorOf(text: string): string | null {
  const { problems } = check([parse('imported.writ', text)])
  return problems.find(({ severity }) => severity === 'error')?.message ?? null
}
