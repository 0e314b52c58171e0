/** `writ lineage --event` for terminals: each decision with the tree it comes from, what it sets in motion and what would have changed it. */
import { type DecisionLineage, lineageLines } from '@writ/engine'
import type { Paint } from '../terminal/paint.ts'
import { printable } from '../terminal/text.ts'
import { changeText, decidedText, type ToldDecision, type ToldDecisions } from './decision-lineage.ts'
import { lineText } from './lineage-text.ts'

export function decisionLineageText(graph: DecisionLineage, { event, decisions }: ToldDecisions, paint: Paint): string {
  const place = paint.dim(`${event.time}  ${printable(event.file)}:${event.index}`)
  return [
    `${paint.bold(`${event.contract} ${event.number}`)}  ${place}`,
    '',
    ...decisions.flatMap(decision => decisionText(graph, decision, paint)),
  ].join('\n')
}

function decisionText(graph: DecisionLineage, told: ToldDecision, paint: Paint): readonly string[] {
  const [, ...from] = lineageLines(graph, told.node, 'from')
  const effects = effectsOf(graph, told).flatMap(id => lineageLines(graph, id, 'from', 1))
  return [
    `${paint.bold(`${told.policy} ${told.version}`)}  ${decidedText(told)}`,
    `  ${printable(told.reason)}`,
    paint.bold('comes from'),
    ...from.map(line => lineText(line, 'from', paint)),
    ...othersText(graph, told, paint),
    ...(effects.length === 0 ? [] : [paint.bold('sets in motion')]),
    ...effects.map(line =>
      line.indent === 0
        ? `  ${printable(line.name)}${paint.dim(`  ${printable(line.detail)}`)}`
        : `  ${lineText(line, 'from', paint)}`,
    ),
    paint.bold('would be otherwise'),
    ...(told.changes.length === 0
      ? ['  no small change was found that changes it']
      : told.changes.map(change => `  ${printable(changeText(change))}`)),
    '',
  ]
}

const mostOthers = 12

/** Rules that were asked and did not lead to the decision, with what they rested on. */
function othersText(graph: DecisionLineage, { node }: ToldDecision, paint: Paint): readonly string[] {
  const deciding = new Set(graph.edges.flatMap(({ from, to }) => (to === node ? [from] : [])))
  const policy = node.slice('decisions:'.length, node.lastIndexOf('#'))
  const others = graph.nodes.filter(
    ({ kind, id }) => kind === 'rule' && id.startsWith(`rule:${policy}.`) && !deciding.has(id),
  )
  if (others.length === 0) return []
  const lines = others.slice(0, mostOthers).flatMap(({ id }) => {
    const [head, ...asked] = lineageLines(graph, id, 'from', 1).filter(({ node }) => node.kind !== 'contract')
    return head === undefined
      ? []
      : [
          `  ${printable(head.node.name)}${paint.dim(`  ${printable(head.node.detail)}`)}`,
          ...asked.map(line => `  ${lineText(line, 'from', paint)}`),
        ]
  })
  const more = others.length - mostOthers
  return [
    paint.bold('did not decide'),
    ...lines,
    ...(more > 0 ? [paint.dim(`  … ${more} more; --format json has all`)] : []),
  ]
}

/** Requests for approval and fields of obligations of its rules. */
function effectsOf({ nodes }: DecisionLineage, { node }: ToldDecision): readonly string[] {
  const policy = node.slice('decisions:'.length, node.lastIndexOf('#'))
  return nodes
    .filter(({ kind }) => kind === 'approval' || kind === 'obligation-field')
    .filter(({ id }) => id.startsWith(`approval:${policy}.`) || id.startsWith(`obligation:${policy}.`))
    .map(({ id }) => id)
}
