/**
 * W2000 to W2099: what recorded events and their files do that their contract or source does not allow. The run goes on;
 * findings are counted and listed. From W2060 on: why a log could not be opened at all.
 */
import { catalogue } from './problem.ts'

export const findingProblems = catalogue({
  W2001: {
    severity: 'warning',
    title: 'Required field is missing',
    message:
      '{path} of {contract} is required but {found}; it is unknown in this event. Give it in the record, map it in the source, or make it optional: {type}?',
  },
  W2002: {
    severity: 'warning',
    title: 'Value of the wrong type',
    message: '{path} of {contract} wants {type} but the record has {found}; it is unknown in this event. {advice}',
  },
  W2003: {
    severity: 'warning',
    title: 'Value out of its range',
    message:
      '{path} of {contract} is {found}, outside of {range}; it is unknown in this event. Mend the record or widen the range in the contract.',
  },
  W2004: {
    severity: 'warning',
    title: 'Text against its pattern',
    message:
      '{path} of {contract} is {found}, which does not match {pattern} as a whole; it is unknown in this event. Mend the record or the pattern in the contract.',
  },
  W2005: {
    severity: 'warning',
    title: 'No member of the enum',
    message:
      '{path} of {contract} is {found}, but the contract knows {members}; it is unknown in this event. Mend the record or add the member to the enum.',
  },
  W2006: {
    severity: 'warning',
    title: 'Money of another currency',
    message:
      '{path} of {contract} wants {currency} but the record has {found}; it is unknown in this event. Convert the amount, or declare the field as Money.',
  },
  W2007: {
    severity: 'error',
    title: 'Record without a time',
    message:
      'The record has no event time: {path} {found}; it is left out. Give the path and form of the time in the source: time PATH as iso8601 | seconds | milliseconds, or time order.',
  },
  W2008: {
    severity: 'warning',
    title: 'Late record',
    message:
      'The time of the record, {time}, is {late} behind an earlier record of its file, more than the lateness of {lateness}; {handled}. Raise lateness in the source if this is normal there.',
  },
  W2009: {
    severity: 'warning',
    title: 'Check failed, event rejected',
    message: 'A check of {contract} does not hold: {check}; the event is left out. Mend the record or the check.',
  },
  W2010: {
    severity: 'warning',
    title: 'Check failed',
    message: 'A check of {contract} does not hold: {check}; the event is kept. Mend the record or the check.',
  },
  W2020: {
    severity: 'error',
    title: 'Record is not JSON',
    message: 'The record is not JSON ({reason}); it is skipped. It begins with {found}. Mend it or take it out.',
  },
  W2021: {
    severity: 'error',
    title: 'Record is no object',
    message:
      'A record must be a JSON object, but this one is {found}; it is skipped. Name the right format in the source.',
  },
  W2022: {
    severity: 'error',
    title: 'Record is too long',
    message:
      'The record is longer than {limit}; it is skipped. Split it, or check that the file has one record per line.',
  },
  W2023: {
    severity: 'error',
    title: 'Record is nested too deeply',
    message: 'The record is nested deeper than {limit} levels; it is skipped.',
  },
  W2024: {
    severity: 'warning',
    title: 'Bytes that are no UTF-8',
    message:
      'The record has bytes that are no UTF-8; each is read as U+FFFD, so different texts may look equal. Convert the file to UTF-8.',
  },
  W2025: {
    severity: 'error',
    title: 'Row does not fit its header',
    message:
      'The row has {cells} cells but the header has {columns}; it is skipped. Check the quotes and commas of the row.',
  },
  W2026: {
    severity: 'error',
    title: 'File ends in the middle',
    message: 'The file ends in the middle of {what}; what came before is read. Record it again or take the end out.',
  },
  W2027: {
    severity: 'error',
    title: 'Broken compressed data',
    message: 'The compressed data is broken ({reason}); what came before is read. Record it again.',
  },
  W2028: {
    severity: 'warning',
    title: 'Arguments of a call are not JSON',
    message:
      'The arguments of the call of {tool} are not JSON ({reason}); args is their text, so that fields of it are missing.',
  },
  W2029: {
    severity: 'error',
    title: 'File is of another format',
    message:
      'The file is no {format}: {reason}. It is skipped. Name the right format in the source, or leave the file out with files.',
  },
  W2030: {
    severity: 'error',
    title: 'Text after a record',
    message:
      'There is more text after the end of the {what}; it is skipped. For several records, name the format ndjson.',
  },
  W2031: {
    severity: 'error',
    title: 'File cannot be read',
    message: 'The file cannot be read ({reason}); it is skipped.',
  },
  W2032: {
    severity: 'error',
    title: 'Text after a closing quote',
    message:
      'Text stands after the closing quote of cell {cell}; the row is skipped. A quote inside of a cell is written twice.',
  },
  W2060: {
    severity: 'error',
    title: 'No such log',
    message: 'There is no file or folder {path}. Name the log, or a folder of them, with --events.',
  },
  W2061: {
    severity: 'error',
    title: 'No files of the source',
    message: 'No file under {path} fits {patterns}. Check the folder and the files of source {source}.',
  },
  W2062: {
    severity: 'error',
    title: 'Log without events',
    message: '{path} has no events: {reason}.',
  },
  W2063: {
    severity: 'error',
    title: 'Log of another format',
    message: '{path} is no {format}: {reason}. {advice}',
  },
  W2064: {
    severity: 'error',
    title: 'Which source is meant',
    message: '{path} may belong to any of the sources {sources}. Name one with --source.',
  },
  W2065: {
    severity: 'error',
    title: 'No such source',
    message: 'There is no source {source}. There is {sources}.',
  },
  W2066: {
    severity: 'error',
    title: 'Log breaks its contracts',
    message: '{path} has {findings}, and --strict allows none. The first: {first}',
  },
  W2067: {
    severity: 'error',
    title: 'Log cannot be read',
    message: '{path} cannot be read ({reason}).',
  },
  W2068: {
    severity: 'error',
    title: 'No contract for the events',
    message:
      'The workspace has no contract, so that nothing in {path} can be an event. Declare one, or start with writ init --from {path}.',
  },
})
