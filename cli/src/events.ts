/** Which recorded events a command is asked to read: a path, or the name of a log in `writ.json`. Reading them is the ledger's. */
import { isAbsolute, normalize, resolve } from 'node:path'
import type { Arguments } from './arguments.ts'
import type { OptionHelp } from './command-help.ts'
import { type Refusal, refuse } from './refusal.ts'
import { shownPath, type Workspace } from './workspace.ts'

export interface EventsChoice {
  /** Absolute. */
  readonly path: string
  /** As messages name it, relative to where the command was started. */
  readonly shown: string
  /** How the user may name it again on a command line. */
  readonly argument: string
  /** The source declaration to read it with; null: the workspace decides. */
  readonly source: string | null
}

/** The options of every command that reads events. */
export const eventsOptions: readonly OptionHelp[] = [
  {
    name: 'events',
    value: 'PATH|NAME',
    does: 'file or folder of recorded events, or the name of a log in writ.json; needed unless writ.json names exactly one',
  },
  { name: 'source', value: 'NAME', does: 'the source declaration that reads them, where several could' },
]

export function chooseEvents(
  command: string,
  workspace: Workspace,
  args: Arguments,
  cwd: string,
): EventsChoice | Refusal {
  const { events } = workspace.settings
  const given = args.value('events')
  const [only] = events.size === 1 ? events.keys() : []
  const name = given ?? only
  const defaultSource = args.value('source') ?? workspace.settings.source
  if (name === undefined) {
    const names = [...events.keys()]
    const hint =
      names.length === 0
        ? 'Name a file or folder of them with --events PATH, or a log under "events" in writ.json.'
        : `Name one of the logs in writ.json with --events: ${names.join(', ')}; or a path.`
    return refuse('W3020', { command, hint })
  }
  const log = events.get(name)
  if (log === undefined) return { path: resolve(cwd, name), shown: name, argument: name, source: defaultSource }
  return {
    path: resolve(workspace.folder, log.path),
    shown: isAbsolute(log.path) ? log.path : normalize(shownPath(workspace.shown, log.path)),
    argument: name,
    source: args.value('source') ?? log.source ?? workspace.settings.source,
  }
}
