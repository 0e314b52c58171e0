/** What a command says of itself: `--help` is laid out from it (help.ts) and arguments are read against it (arguments.ts). */

export interface CommandHelp {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** The rest of the story, a paragraph. */
  readonly description: string
  readonly positionals: readonly Positional[]
  readonly options: readonly OptionHelp[]
  /** Each runs as it stands in the folder of the project. */
  readonly examples: readonly { readonly line: string; readonly does: string }[]
}

export interface Positional {
  readonly name: string
  readonly required: boolean
  readonly many: boolean
  readonly does: string
}

export interface OptionHelp {
  /** Without the dashes. */
  readonly name: string
  /** Name of its value for the help; null for a switch. */
  readonly value: string | null
  /** The values it takes, where they can be listed; the first is the default. */
  readonly oneOf?: readonly string[]
  readonly does: string
}
