/** Colours the expressions that decided one event, with their values behind them, until the text changes or another event is chosen. */
import type { EvidenceMark } from '@writ/language-server/simulation-messages'
import { type DecorationOptions, Disposable, type TextEditor, ThemeColor, window, workspace } from 'vscode'
import { toRange } from '../positions.ts'

export class Evidence implements Disposable {
  #marks: readonly EvidenceMark[] = []
  readonly #kinds = {
    true: decoration('testing.iconPassed', 'rgba(35,134,54,0.16)'),
    false: decoration('testing.iconFailed', 'rgba(218,54,51,0.14)'),
    unknown: decoration('testing.iconQueued', 'rgba(187,128,9,0.18)'),
    value: window.createTextEditorDecorationType({}),
  }
  readonly #subscriptions = Disposable.from(
    window.onDidChangeVisibleTextEditors(() => this.#draw()),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && this.#marks.some(({ uri }) => uri === document.uri.toString())) this.show([])
    }),
  )

  show(marks: readonly EvidenceMark[]): void {
    this.#marks = marks
    this.#draw()
  }

  dispose(): void {
    this.#subscriptions.dispose()
    for (const kind of Object.values(this.#kinds)) kind.dispose()
  }

  #draw(): void {
    for (const editor of window.visibleTextEditors) if (editor.document.languageId === 'writ') this.#drawIn(editor)
  }

  #drawIn(editor: TextEditor): void {
    const uri = editor.document.uri.toString()
    const drawn: Record<keyof Evidence['kinds'], DecorationOptions[]> = { true: [], false: [], unknown: [], value: [] }
    for (const mark of this.#marks)
      if (mark.uri === uri)
        drawn[mark.outcome ?? 'value'].push({
          range: toRange(mark.range),
          ...(mark.value === null ? {} : behind(mark.value)),
        })
    for (const [kind, type] of Object.entries(this.#kinds))
      editor.setDecorations(type, drawn[kind as keyof typeof drawn])
  }

  get kinds() {
    return this.#kinds
  }
}

function decoration(colour: string, background: string) {
  return window.createTextEditorDecorationType({
    backgroundColor: background,
    borderRadius: '2px',
    overviewRulerColor: new ThemeColor(colour),
  })
}

function behind(value: string): Pick<DecorationOptions, 'renderOptions'> {
  return {
    renderOptions: {
      after: { contentText: ` = ${value}`, color: new ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
    },
  }
}
