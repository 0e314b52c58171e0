/** Places of the protocol as VS Code's. */
import { Position, Range } from 'vscode'
import type { Range as ProtocolRange } from 'vscode-languageclient'

export function toRange({ start, end }: ProtocolRange): Range {
  return new Range(new Position(start.line, start.character), new Position(end.line, end.character))
}
