/**
 * `writ simulate --obligations FILE`: one line for each change of an instance and for each approval, in the order in which they
 * happen. The form is docs/schemas/obligation.schema.json; what a line says is the ledger's.
 */
import { happenedLine, whatHappened } from '@writ/ledger'
import type { Output } from '../terminal/io.ts'
import type { DecidedLog } from './decision-lines.ts'

/** Gives how many lines were written. */
export async function writeObligationLines({ plan, view, result }: DecidedLog, output: Output): Promise<number> {
  const { obligations } = result
  const lived = { plan, view, obligations, rejected: new Set(result.rejected), numberOf: (place: number) => place }
  let written = 0
  for (const happened of whatHappened(lived)) {
    output.write(`${JSON.stringify(happenedLine(lived, happened))}\n`)
    if (++written % 1024 === 0) await output.drained()
  }
  await output.drained()
  return written
}
