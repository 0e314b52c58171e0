/** What happens when the language server ends by itself: it is started again, and that is said. One that ends again and again is left alone. */
import { commands, window } from 'vscode'
import { CloseAction, type CloseHandlerResult, ErrorAction, type ErrorHandler } from 'vscode-languageclient'

/** So many times within so many milliseconds. */
const most = 5
const within = 180_000

export function restarting(): ErrorHandler {
  let ends: readonly number[] = []
  return {
    // A message that could not be read or written; the connection goes on, or is closed and comes to `closed`.
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: (): CloseHandlerResult => {
      const now = Date.now()
      ends = [...ends.filter(end => now - end < within), now]
      const isTooOften = ends.length > most
      void tell(isTooOften)
      return { action: isTooOften ? CloseAction.DoNotRestart : CloseAction.Restart, handled: true }
    },
  }
}

async function tell(isTooOften: boolean): Promise<void> {
  const message = isTooOften
    ? `The language server of Writ ended ${most + 1} times in three minutes. It is not started again by itself.`
    : 'The language server of Writ ended and was started again. Texts, logs and tests are as they were.'
  const choices = isTooOften ? ['Restart', 'Show Log'] : ['Show Log']
  const choice = await (isTooOften
    ? window.showErrorMessage(message, ...choices)
    : window.showWarningMessage(message, ...choices))
  if (choice === 'Restart') await commands.executeCommand('writ.restartServer')
  if (choice === 'Show Log') await commands.executeCommand('writ.showLog')
}
