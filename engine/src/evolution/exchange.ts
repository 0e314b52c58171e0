/** The policies of a workspace over other contracts: its text with the contracts and types of another state put in their place. */
import type { PlacedDeclaration, SourceFile } from '@writ/grammar'

export interface ExchangedFile {
  readonly path: string
  readonly text: string
}

/**
 * Contracts and types of `files` are replaced by those of the same module and name in `from`; those that only `from` has are put
 * behind the other declarations of their module. Samples and tests are left out: they are written for one state alone.
 */
export function withContractsOf(files: readonly SourceFile[], from: readonly SourceFile[]): readonly ExchangedFile[] {
  const wanted = new Map<string, string>()
  for (const file of from) {
    const module = moduleNameOf(file)
    for (const placed of file.declarations) {
      const key = keyOf(module, placed)
      if (key !== null) wanted.set(key, placed.text)
    }
  }
  const here = new Set(
    files.flatMap(file =>
      file.declarations.map(placed => keyOf(moduleNameOf(file), placed)).filter(key => key !== null),
    ),
  )
  const missing = new Map([...wanted].filter(([key]) => !here.has(key)))
  return files.map(file => {
    const module = moduleNameOf(file)
    const parts: string[] = []
    let at = 0
    for (const placed of file.declarations) {
      const key = keyOf(module, placed)
      const replacement = key === null ? undefined : wanted.get(key)
      const isLeftOut = placed.syntax.kind === 'sample' || placed.syntax.kind === 'test'
      if (replacement === undefined && !isLeftOut) continue
      parts.push(file.text.slice(at, placed.start), isLeftOut ? '' : (replacement ?? ''))
      at = placed.end
    }
    parts.push(file.text.slice(at))
    for (const [key, text] of missing) {
      if (!key.startsWith(`${module}/`)) continue
      parts.push(`\n${text}\n`)
      missing.delete(key)
    }
    return { path: file.path, text: parts.join('') }
  })
}

function keyOf(module: string, { syntax }: PlacedDeclaration): string | null {
  return syntax.kind === 'contract' || syntax.kind === 'type' ? `${module}/${syntax.kind}/${syntax.name.text}` : null
}
function moduleNameOf({ declarations }: SourceFile): string {
  const module = declarations.find(({ syntax }) => syntax.kind === 'module')?.syntax
  return module?.kind === 'module' ? module.name.text : ''
}
