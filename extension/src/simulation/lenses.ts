/** Above each rule: how many recorded events it decided, matched, and decides otherwise than HEAD. A click lists them. */
import type { Which } from '@writ/language-server'
import type { SimulatedRule } from '@writ/language-server/simulation-messages'
import {
  type CancellationToken,
  CodeLens,
  type CodeLensProvider,
  Disposable,
  languages,
  type ProviderResult,
  type Range,
  type TextDocument,
  workspace,
} from 'vscode'
import { toRange } from '../positions.ts'
import type { ShowEvents } from './events-view.ts'
import type { Simulation } from './simulation.ts'

export function showCounts(simulation: Simulation): Disposable {
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: simulation.onDidChange,
    provideCodeLenses: (document, token) => lensesOf(simulation, document, token),
  }
  return Disposable.from(languages.registerCodeLensProvider({ language: 'writ' }, provider))
}

function lensesOf(
  simulation: Simulation,
  document: TextDocument,
  _token: CancellationToken,
): ProviderResult<CodeLens[]> {
  const result = simulation.of(document.uri)
  const isAbove = workspace.getConfiguration('writ.simulation', document.uri).get('show', 'above') === 'above'
  if (!isAbove || result === null || result.state === 'none') return []
  const old = result.stale ? 'stale: ' : ''
  const uri = document.uri.toString()
  const lens = (range: Range, title: string, asked: Omit<ShowEvents, 'uri'>): CodeLens =>
    new CodeLens(range, {
      title: `${old}${title}`,
      command: 'writ.showEvents',
      arguments: [{ ...asked, uri }],
      tooltip: 'List these events',
    })
  const rules = result.rules.flatMap(one => {
    const { range, policy, rule } = one
    return countsOf(one).map(({ title, which }) => lens(toRange(range), title, { policy, rule, which }))
  })
  const policies = result.policies.map(({ range, policy, permit, warn, hold, deny, flipped }) => {
    const kinds = Object.entries({ permit, warn, hold, deny }).filter(([, count]) => count > 0)
    const told = kinds.map(([kind, count]) => `${grouped(count)} ${kind}`).join(', ')
    const since = flipped === null ? '' : flipped === 0 ? '; as in HEAD' : `; ${grouped(flipped)} flipped since HEAD`
    const which = flipped === null || flipped === 0 ? 'decided' : 'flipped'
    return lens(toRange(range), `${told === '' ? 'no event' : told}${since}`, { policy, rule: null, which })
  })
  return [...policies, ...rules]
}

/** What there is to say of a rule, the most important first. */
export function countsOf({
  matched,
  decided,
  flipped,
}: Pick<SimulatedRule, 'matched' | 'decided' | 'flipped'>): readonly {
  readonly title: string
  readonly which: Which
}[] {
  return [
    { title: `${grouped(decided)} decided`, which: 'decided' },
    ...(matched === decided ? [] : [{ title: `${grouped(matched)} matched`, which: 'matched' as const }]),
    ...(flipped === null || flipped === 0
      ? []
      : [{ title: `${grouped(flipped)} flipped since HEAD`, which: 'flipped' as const }]),
  ]
}

/** `12,345`, the same everywhere. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}
