/** The counts of rules behind their names, where lenses are not shown: by `writ.simulation.show`, or because the editor has none. */
import { type DecorationOptions, Disposable, type TextEditor, ThemeColor, window, workspace } from 'vscode'
import { toRange } from '../positions.ts'
import { countsOf, grouped } from './lenses.ts'
import { isWrit, type Simulation } from './simulation.ts'

export function showInlineCounts(simulation: Simulation): Disposable {
  const kind = window.createTextEditorDecorationType({})
  const draw = (): void => {
    for (const editor of window.visibleTextEditors)
      if (isWrit(editor.document)) editor.setDecorations(kind, isInline(editor) ? decorations(simulation, editor) : [])
  }
  return Disposable.from(
    kind,
    simulation.onDidChange(draw),
    window.onDidChangeVisibleTextEditors(draw),
    workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('writ.simulation') || change.affectsConfiguration('editor.codeLens')) draw()
    }),
  )
}

/** Whether the counts are behind the rules and not above them. */
export function isInline({ document: { uri } }: Pick<TextEditor, 'document'>): boolean {
  const shown = workspace.getConfiguration('writ.simulation', uri).get<string>('show', 'above')
  return shown === 'behind' || (shown === 'above' && !workspace.getConfiguration('editor', uri).get('codeLens', true))
}

function decorations(simulation: Simulation, { document }: TextEditor): DecorationOptions[] {
  const result = simulation.of(document.uri)
  if (result === null || result.state === 'none') return []
  const old = result.stale ? 'stale: ' : ''
  const behind = (range: Parameters<typeof toRange>[0], text: string): DecorationOptions => {
    const { end } = document.lineAt(Math.min(range.end.line, document.lineCount - 1)).range
    return {
      range: toRange(range).with(end, end),
      renderOptions: { after: { contentText: `  ${old}${text}`, color: new ThemeColor('editorCodeLens.foreground') } },
    }
  }
  return [
    ...result.rules.map(rule =>
      behind(
        rule.range,
        countsOf(rule)
          .map(({ title }) => title)
          .join(', '),
      ),
    ),
    ...result.policies.map(({ range, flipped }) =>
      behind(range, flipped === null || flipped === 0 ? 'as in HEAD' : `${grouped(flipped)} flipped since HEAD`),
    ),
  ]
}
