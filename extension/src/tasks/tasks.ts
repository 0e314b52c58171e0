/** `writ check` and `writ test` of the open folders as tasks, with problem matchers (package.json). Only where there is Node: they are processes. */
import {
  Disposable,
  ProcessExecution,
  ShellExecution,
  Task,
  type TaskDefinition,
  TaskGroup,
  type TaskProvider,
  tasks,
  type WorkspaceFolder,
  workspace,
} from 'vscode'

const commandsOf = {
  check: { matcher: '$writ', group: TaskGroup.Build },
  test: { matcher: '$writ-test', group: TaskGroup.Test },
} as const
type Command = keyof typeof commandsOf

interface WritTask extends TaskDefinition {
  readonly command: Command
  readonly arguments?: readonly string[]
}

export function offerTasks(): Disposable {
  const provider: TaskProvider = {
    provideTasks: () =>
      (workspace.workspaceFolders ?? []).flatMap(folder => [taskOf(folder, 'check', []), taskOf(folder, 'test', [])]),
    resolveTask: ({ definition, scope }) => {
      const { command, arguments: more = [] } = definition as WritTask
      const isKnown = command in commandsOf
      return isKnown && typeof scope === 'object' ? taskOf(scope, command, more, definition) : undefined
    },
  }
  return Disposable.from(tasks.registerTaskProvider('writ', provider))
}

/** VS Code takes a resolved task only with the very definition that it gave. */
function taskOf(folder: WorkspaceFolder, command: Command, more: readonly string[], given?: TaskDefinition): Task {
  const definition: TaskDefinition = given ?? { type: 'writ', command }
  const { matcher, group } = commandsOf[command]
  const program = workspace.getConfiguration('writ', folder.uri).get<string>('command', 'writ')
  const words = [command, ...more, '.']
  const options = { cwd: folder.uri.fsPath, env: { NO_COLOR: '1' } }
  // On Windows what npm installs is a script that only a shell finds.
  const execution =
    process.platform === 'win32'
      ? new ShellExecution(program, words, options)
      : new ProcessExecution(program, words, options)
  const task = new Task(definition, folder, command, 'writ', execution, matcher)
  task.group = group
  return task
}
