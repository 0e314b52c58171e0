/** W30xx: mistakes on the command line, in `writ.json` and about files and folders; they end a command with exit code 1 or 2. */
import { catalogue } from './problem.ts'

export const commandProblems = catalogue({
  W3001: {
    severity: 'error',
    title: 'Unknown command',
    message: '{name} is no command of writ.{suggestion} "writ --help" lists the commands.',
  },
  W3002: {
    severity: 'error',
    title: 'Unknown option',
    message: 'writ {command} has no option {option}.{suggestion} "writ {command} --help" lists its options.',
  },
  W3003: {
    severity: 'error',
    title: 'Option value missing or wrong',
    message: '{option} {wrong}. Give {expected}.',
  },
  W3004: {
    severity: 'error',
    title: 'Wrong arguments for command',
    message: 'writ {command} {wrong}. It is used like this: {usage}',
  },
  W3010: {
    severity: 'error',
    title: 'No .writ files found',
    message:
      'there are no .writ files under {folder}. Name the folder that has them, or start a workspace with "writ init {folder}".',
  },
  W3011: {
    severity: 'error',
    title: 'File or folder unreadable',
    message: '{path} cannot be read: {why}. {hint}',
  },
  W3012: {
    severity: 'error',
    title: 'File is not UTF-8',
    message: '{path} is not UTF-8: byte {offset}, in line {line}, begins no character. Save the file as UTF-8.',
  },
  W3013: {
    severity: 'error',
    title: 'Workspace too large',
    message: '{what}, and the limit is {limit}. {hint}',
  },
  W3014: {
    severity: 'error',
    title: 'writ.json is no JSON',
    message:
      '{path} is no JSON: {why}. Mend that place; docs/schemas/writ.json.schema.json says what the file may hold.',
  },
  W3015: {
    severity: 'error',
    title: 'writ.json has a wrong member',
    message: '{member} in {path}: {why}. {hint}',
  },
  W3016: {
    severity: 'error',
    title: 'Option that is no time',
    message: '{option} {text} is no time. Write a day, such as 2026-11-20, or a moment, such as 2026-11-20T09:00:00Z.',
  },
  W3017: {
    severity: 'error',
    title: 'Delays that cannot be read',
    message:
      '--approver-delay {text} says no delays. Write the median and quantiles, longer ones at higher quantiles: 10m,p90=4h.',
  },
  W3018: {
    severity: 'error',
    title: 'Baseline that cannot be used',
    message:
      '{path}, the baseline {name} of writ.json: {why}. Mend it or write it anew with `writ baseline`; docs/schemas/baseline.schema.json says what it may hold.',
  },
  W3019: {
    severity: 'error',
    title: 'Values that cannot be counted',
    message: 'nothing can be counted of {text}: {why}. {hint} Give `--of CONTRACT.FIELD`.',
  },
  W3020: {
    severity: 'error',
    title: 'Which events is not said',
    message: 'writ {command} needs recorded events. {hint}',
  },
  W3023: {
    severity: 'error',
    title: 'No such policy or rule',
    message: 'there is no {kind} {name} in {folder}.{suggestion} {known}',
  },
  W3024: {
    severity: 'error',
    title: 'No such recorded event',
    message: 'there is no event {place} in {path}. {hint}',
  },
  W3025: {
    severity: 'error',
    title: 'No policy decides this event',
    message: 'no policy of {folder} decides {contract} events, so there is nothing to explain at {place}. {hint}',
  },
  W3026: {
    severity: 'error',
    title: 'Closed before its end',
    message: 'the log cannot be closed at {time}, because its last event is at {last}. Close it at that time or later.',
  },
  W3030: {
    severity: 'error',
    title: 'Output cannot be written',
    message: '{path} cannot be written: {why}. {hint}',
  },
  W3031: {
    severity: 'error',
    title: 'File is already there',
    message: '{path} is already there and is not overwritten. Choose another folder, or add --force to replace {what}.',
  },
  W3032: {
    severity: 'error',
    title: 'No test matches filter',
    message: 'none of the {count} tests has {filter} in its title. Titles are compared without regard to case.',
  },
  W3033: {
    severity: 'error',
    title: 'No page for code',
    message: 'there is no problem code {code}.{suggestion} The pages stand in docs/problems.',
  },
  W3035: {
    severity: 'error',
    title: 'No such node in the lineage',
    message: 'nothing in the lineage is called {name}.{suggestion} "writ lineage" lists what there is.',
  },
  W3070: {
    severity: 'error',
    title: 'Test that cannot be written',
    message: 'nothing was written to {path}: {why}. Name a .writ file of the workspace where the events are known.',
  },
  W3071: {
    severity: 'error',
    title: 'No property matches',
    message:
      'none of the {count} properties has {filter} in its name or title. Use another text, or leave out --filter.',
  },
  W3040: {
    severity: 'error',
    title: 'Interrupted',
    message: 'interrupted after {what}; what was printed is partial.',
  },
  W3060: {
    severity: 'error',
    title: 'Committed files unreadable',
    message: '{name} cannot be read: {why}. Name a file, a folder, or REVISION:PATH of a git repository.',
  },
  W3061: {
    severity: 'error',
    title: 'Contracts that do not check',
    message: 'the contracts of {name} have errors, so they cannot be compared. Mend what is said above first.',
  },
  W3062: {
    severity: 'error',
    title: 'Which policies is not said',
    message: 'decisions can only be compared where there are policies. Name their folder with --workspace.',
  },
  W3063: {
    severity: 'error',
    title: 'Log unreadable under a contract',
    message: '{path} cannot be read with these contracts: {why}',
  },
  W3064: {
    severity: 'error',
    title: 'Document that describes no contract',
    message: '{path} cannot be read as {format}: {why}. Name a document of that format.',
  },
  W3065: {
    severity: 'error',
    title: 'Version that does not check',
    message:
      'the program of {name} has errors, so there is nothing to compare with. Mend what is said above, or name another version.',
  },
  W3066: {
    severity: 'error',
    title: 'Log of neither version',
    message:
      'no record of {path} is an event of either version: {why} Name the log that these policies decide about, or the source that reads it with --source.',
  },
  W3050: {
    severity: 'error',
    title: 'A fault in Writ itself',
    message:
      'this is a fault in Writ, not in your files: {why}. Please report it with the command and the lines below.',
  },
  W3075: {
    severity: 'error',
    title: 'Policies of another language unreadable',
    message: '{what} cannot be read: {why}. Correct it, or name another file.',
  },
})
