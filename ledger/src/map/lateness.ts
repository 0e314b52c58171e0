/**
 * Time that goes backwards within one file: allowed up to the lateness of the source, a finding beyond. Late events are kept in
 * the order of time or left out, as the source says; putting them in order is the log builder's.
 */
import { type PlanSource, presentDuration, presentTime, rational } from '@writ/engine'
import type { FindingLog, Place } from '../findings.ts'

export class Lateness {
  readonly #source: PlanSource
  readonly #findings: FindingLog
  #latest = Number.NEGATIVE_INFINITY

  constructor(source: PlanSource, findings: FindingLog) {
    this.#source = source
    this.#findings = findings
  }

  beginFile(): void {
    this.#latest = Number.NEGATIVE_INFINITY
  }

  /** Whether an event at this time, the next of its file, is to be kept. */
  admits(time: number, place: Place): boolean {
    if (time >= this.#latest) {
      this.#latest = time
      return true
    }
    const { latenessMilliseconds, lateMode } = this.#source
    const late = this.#latest - time
    if (late <= latenessMilliseconds) return true
    const kept = lateMode !== 'reject'
    this.#findings.add('W2008', place, null, () => ({
      time: presentTime(rational(BigInt(time))),
      late: presentDuration(rational(BigInt(late))),
      lateness: presentDuration(rational(BigInt(latenessMilliseconds))),
      handled: handled[lateMode],
    }))
    return kept
  }
}

const handled: Readonly<Record<PlanSource['lateMode'], string>> = {
  record: 'it is put where its time belongs',
  reject: 'it is left out, as the source says',
  revise: 'it is put where its time belongs, and what was decided without it is revised, as the source says',
}
