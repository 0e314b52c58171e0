/** Commands that a report suggests, written so that they run as they stand. */
import type { EventsChoice } from '../events.ts'
import { printable } from '../terminal/text.ts'
import type { Workspace } from '../workspace.ts'

/** `WORKSPACE`, with `--events` where it must be said again to read the same events. */
export function sameEvents(workspace: Workspace, choice: EventsChoice): string {
  const { events } = workspace.settings
  const said = events.size === 1 && events.has(choice.argument)
  return said ? quoted(workspace.shown) : `${quoted(workspace.shown)} --events ${quoted(choice.argument)}`
}

/** As an argument for a shell. */
export function quoted(argument: string): string {
  return /^[\w./:@%+=-]+$/.test(argument) ? printable(argument) : `'${printable(argument).replaceAll("'", "'\\''")}'`
}
