/**
 * An expression of the language, written by somebody who debugs, at one event: it may say what a rule of the policy may. It is checked in its
 * place, as a `let` at the end of the policy, by the same checker as everything else.
 */
import { check, valueAt } from '@writ/engine'
import { parse } from '@writ/grammar'
import type { DebugSubject } from './subject.ts'
import { type DebugValue, debugValue } from './values.ts'

export type Watched =
  | { readonly kind: 'value'; readonly value: DebugValue }
  /** What is wrong with it, in words. */
  | { readonly kind: 'problem'; readonly message: string }

const longest = 10_000

/** `policy` is `module.name`; it must decide the event. */
export function watch(subject: DebugSubject, seq: number, policy: string, expression: string): Watched {
  const { plan, files, checked, view } = subject
  if (expression.trim() === '') return { kind: 'problem', message: 'There is nothing to evaluate.' }
  if (expression.length > longest) return { kind: 'problem', message: 'The expression is too long.' }
  const index = plan.policies.findIndex(({ module, name }) => `${module}.${name}` === policy)
  const found = plan.policies[index]
  const path = found && plan.files[found.span.file]?.path
  const file = path === undefined ? undefined : files.get(path)
  if (!found || !file) return { kind: 'problem', message: `There is no policy ${policy}.` }
  const declaration = file.declarations.find(
    ({ syntax }) => syntax.kind === 'policy' && syntax.name.text === found.name,
  )
  if (declaration?.syntax.kind !== 'policy') return { kind: 'problem', message: 'The policy is gone.' }
  const close = file.text.lastIndexOf('}', declaration.end)
  const name = unusedName(file.text)
  const head = `let ${name} = `
  const text = `${file.text.slice(0, close)}\n${head}${expression}\n${file.text.slice(close)}`
  const parsed = parse(file.path, text, file)
  const again = parsed.declarations.find(({ start }) => start === declaration.start)
  // One expression, and not the end of the policy and something else behind it.
  const isWhole =
    parsed.declarations.length === file.declarations.length &&
    again?.syntax.kind === 'policy' &&
    again.syntax.items.length === declaration.syntax.items.length + 1
  const start = close + 1 + head.length
  const tried = check(
    [...files.values()].map(one => (one.path === file.path ? parsed : one)),
    checked,
  )
  const inside = tried.problems.find(
    ({ path: at, severity, span }) =>
      at === file.path && severity === 'error' && span.end >= start && span.start <= start + expression.length,
  )
  if (inside) return { kind: 'problem', message: inside.message }
  const own = tried.plan?.policies[index]?.lets.find(one => one.name === name)
  if (!tried.plan || !own || !isWhole)
    return { kind: 'problem', message: 'This is no single expression of the language.' }
  const value = valueAt(tried.plan, view, seq, own.value)
  return { kind: 'value', value: debugValue(plan, expression, value, own.value.type) }
}

function unusedName(text: string): string {
  let name = 'watched'
  while (text.includes(name)) name += '_'
  return name
}
