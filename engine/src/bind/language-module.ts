/**
 * The module `writ`, which comes with the language: the contract of approvals. It is a file of the program like any other, but
 * only of programs that need it, so that the plans of others are what they would be without it.
 */
import { type PlacedDeclaration, parse, type SourceFile } from '@writ/grammar'
import { approvalContract } from '../plan/approval-contract.ts'

/** No workspace has a file of this name. */
export const languagePath = 'writ:approval'

/** The files with that of the language behind them, where something needs it. */
export function withLanguage(files: readonly SourceFile[]): readonly SourceFile[] {
  let requires = false
  let mentions = false
  let declares = false
  for (const file of files)
    for (const declaration of file.declarations) {
      const use = useOf(declaration)
      requires ||= use.requires
      mentions ||= use.mentions
      declares ||= use.declares
    }
  return requires || (mentions && !declares) ? [...files, languageFile] : files
}

const languageFile = parse(
  languagePath,
  `module writ

/// Somebody approves or rejects a request, named by its key or by its digest.
contract Approval version 1.0.0 {
  request : String  key
  digest  : String?
  by      : String
  role    : String
  verdict : enum { approve, reject }
  at      : Time    time
  reason  : String?
}
`,
)

interface Use {
  /** Names the module, or has a rule that requires an approval. */
  readonly requires: boolean
  /** Has the name of the contract in it. */
  readonly mentions: boolean
  /** Has a contract of that name itself. */
  readonly declares: boolean
}

const uses = new WeakMap<PlacedDeclaration['syntax'], Use>()

function useOf({ syntax, text }: PlacedDeclaration): Use {
  let use = uses.get(syntax)
  if (use === undefined) {
    use = {
      requires: /\bapproval\s+from\b|\buse\s+writ\b/.test(text),
      mentions: /\bApproval\b|\bapprove\s+by\b/.test(text),
      declares: 'name' in syntax && typeof syntax.name === 'object' && syntax.name.text === approvalContract,
    }
    uses.set(syntax, use)
  }
  return use
}
