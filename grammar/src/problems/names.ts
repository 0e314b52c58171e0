/** Problems of names and modules: unknown, doubled, unused, circular. */
import { catalogue } from './problem.ts'

export const nameProblems = catalogue({
  W0201: {
    severity: 'error',
    title: 'File without a module',
    message: 'This file does not say to which module it belongs. Begin it with `module {suggestion}`.',
  },
  W0202: {
    severity: 'error',
    title: 'Name declared twice',
    message: 'The module {module} already has a {kind} called {name}. Rename one of the two.',
  },
  W0203: {
    severity: 'error',
    title: 'Unknown name',
    message: 'There is no {what} called {name} here.{hint}',
  },
  W0204: {
    severity: 'error',
    title: 'Unknown module',
    message: 'No file of the workspace belongs to a module {module}.{hint}',
  },
  W0205: {
    severity: 'error',
    title: 'Module without this name',
    message: 'The module {module} declares nothing called {name}.{hint}',
  },
  W0206: {
    severity: 'error',
    title: 'Imported name is taken',
    message: '{name} already means something else in this file. Give it another name here: `{original} as …`.',
  },
  W0207: {
    severity: 'warning',
    title: 'Import never used',
    message: '{name} is imported but never used in this file. Take it out.',
  },
  W0208: {
    severity: 'warning',
    title: 'Let never used',
    message: 'No rule uses the let {name}. Take it out, or use it.',
  },
  W0209: {
    severity: 'hint',
    title: 'Define never used',
    message: 'Nothing in the workspace uses the define {name}.',
  },
  W0210: {
    severity: 'error',
    title: 'Name of another kind',
    message: '{name} is a {found}, but a {needed} is needed here.',
  },
  W0211: {
    severity: 'error',
    title: 'Declaration in a circle',
    message: '{name} is declared by means of itself ({path}). Break the circle.',
  },
  W0212: {
    severity: 'error',
    title: 'Module or use out of place',
    message:
      '`{word}` belongs at the beginning of the file: first one `module`, then every `use`, then the declarations.',
  },
  W0213: {
    severity: 'error',
    title: 'Name given twice',
    message: 'This {what} already has a {kind} called {name}. Rename one of the two, or take one out.',
  },
  W0214: {
    severity: 'error',
    title: 'Unknown member',
    message: '{object} has no field {name}.{hint}',
  },
  W0215: {
    severity: 'error',
    title: 'Unknown function',
    message: 'There is no function or define called {name}.{hint}',
  },
  W0217: {
    severity: 'error',
    title: 'Module of the language',
    message: 'The module `writ` comes with the language, and cannot be added to. Give this file a module of its own.',
  },
  W0216: {
    severity: 'error',
    title: 'Name without a value',
    message: '{name} is a {found} and has no value of its own. {hint}',
  },
})
