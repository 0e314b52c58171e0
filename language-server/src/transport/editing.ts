/** What changes text: completion, rename, formatting, code actions. */
import type { ServerCapabilities } from 'vscode-languageserver'
import type { Session } from './session.ts'

export function announceEditing(_session: Session): ServerCapabilities {
  return {}
}
