/** The shape of files: symbols, folding, selection, tokens, hierarchies, hints. */
import type { ServerCapabilities } from 'vscode-languageserver'
import type { Session } from './session.ts'

export function announceStructure(_session: Session): ServerCapabilities {
  return {}
}
