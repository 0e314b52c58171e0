/** `writ diff --format sarif`: SARIF 2.1.0 results at the changed lines, for code scanning: what changed, with how many decisions become others by it. */
import type { DiffPlace } from '@writ/engine'
import { version } from '../places.ts'
import { count, counted } from '../terminal/text.ts'
import { shownPath } from '../workspace.ts'
import type { Compared } from './compare.ts'
import type { Gated } from './gates.ts'

const rules = [
  { id: 'writ-diff/flips', text: 'A change by which recorded decisions become others' },
  { id: 'writ-diff/meaning', text: 'A change in meaning' },
  { id: 'writ-diff/gate', text: 'A gate that is not passed' },
] as const

export function diffSarif(compared: Compared, gates: readonly Gated[]): object {
  const { versions, meaning, log } = compared
  // What is gone has a place in the older text alone; the newer file is where its reader looks.
  const at = (place: DiffPlace | null) => {
    const file = place?.file ?? versions.after.workspace.files[0]?.path ?? '.'
    const uri = shownPath(versions.after.workspace.shown, file)
      .replaceAll('\\', '/')
      .split('/')
      .map(encodeURIComponent)
      .join('/')
    const region = place
      ? { startLine: place.line, startColumn: place.column, endLine: place.endLine, endColumn: place.endColumn }
      : { startLine: 1 }
    return [{ physicalLocation: { artifactLocation: { uri }, region } }]
  }
  const result = (rule: number, level: 'error' | 'warning' | 'note', text: string, place: DiffPlace | null) => ({
    ruleId: rules[rule]?.id,
    ruleIndex: rule,
    level,
    message: { text },
    locations: at(place),
  })
  const groups = log?.flips.groups ?? []
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'writ diff',
            version: version(),
            rules: rules.map(({ id, text }) => ({ id, shortDescription: { text } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          ...groups.map(group =>
            result(
              0,
              'warning',
              `${counted(group.count, 'decision')} of ${count(log?.flips.decisions.after ?? 0)} would go from ${group.from} to ${group.to}: ${group.text}`,
              group.after,
            ),
          ),
          ...meaning.changes.map(change => result(1, 'note', change.text, change.after)),
          ...gates
            .filter(({ passed }) => !passed)
            .map(({ text }) => result(2, 'error', text, groups[0]?.after ?? null)),
        ],
      },
    ],
  }
}
