/**
 * Ways through the syntax tree for those who do not care about each kind of node: every node that has a span, in source order.
 * Who must treat each kind on purpose switches on `kind` instead.
 */
import type { Span } from './span.ts'
import type { Declaration, Expression } from './syntax.ts'

/** Any node of the tree: something with a place. */
export interface SyntaxNode {
  readonly span: Span
  readonly kind?: string
}

/** The nodes directly below `node`, in source order. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (const value of Object.values(node)) collect(value, children)
  return children.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)
}

/** Calls `enter` for `node` and everything below it, parents first; `false` leaves out what is below. */
export function walk(
  node: SyntaxNode,
  // biome-ignore lint/suspicious/noConfusingVoidType: a visitor that always goes on need not say so
  enter: (node: SyntaxNode, parents: readonly SyntaxNode[]) => boolean | void,
): void {
  const parents: SyntaxNode[] = []
  const go = (current: SyntaxNode): void => {
    if (enter(current, parents) === false) return
    parents.push(current)
    for (const child of childrenOf(current)) go(child)
    parents.pop()
  }
  go(node)
}

/** Calls `visit` for every expression in `node`, itself included, outer ones first. */
export function walkExpressions(
  node: SyntaxNode,
  visit: (expression: Expression, parents: readonly SyntaxNode[]) => void,
): void {
  walk(node, (current, parents) => {
    if (isExpression(current)) visit(current, parents)
  })
}

/** The nodes that contain `offset` (their ends included), from the declaration to the innermost. */
export function nodesAt(declaration: Declaration, offset: number): readonly SyntaxNode[] {
  const path: SyntaxNode[] = []
  let current: SyntaxNode | undefined = declaration
  while (current !== undefined) {
    path.push(current)
    // Where two neighbours touch at the offset, the one that begins there is meant.
    current = childrenOf(current).findLast(({ span }) => span.start <= offset && offset <= span.end)
  }
  return path
}

/** True for nodes of the union `Expression`. */
export function isExpression(node: SyntaxNode): node is Expression {
  if (node.kind === undefined) return false
  // `default` is an item of a policy as well as `??`.
  if (node.kind === 'default') return 'otherwise' in node
  return node.kind in expressionKinds
}

const expressionKinds: Readonly<Record<Expression['kind'], true>> = {
  literal: true,
  name: true,
  member: true,
  it: true,
  now: true,
  not: true,
  negate: true,
  and: true,
  or: true,
  compare: true,
  'text-test': true,
  'in-list': true,
  'in-range': true,
  present: true,
  arithmetic: true,
  default: true,
  if: true,
  call: true,
  list: true,
  record: true,
  quantified: true,
  aggregate: true,
  exists: true,
  sequence: true,
  missing: true,
}

function collect(value: unknown, into: SyntaxNode[]): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) for (const element of value) collect(element, into)
  else if (isNode(value)) into.push(value)
  // Parts without a place of their own, such as the hole of a text: what is in them.
  else if (!('start' in value)) for (const part of Object.values(value)) collect(part, into)
}

function isNode(value: object): value is SyntaxNode {
  return 'span' in value
}
