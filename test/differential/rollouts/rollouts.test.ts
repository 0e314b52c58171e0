/** The slow and the fast implementation of rollouts agree on generated programs and logs, in one piece and in several; a failure names its seed. */
import {
  type Continuation,
  type Evaluation,
  evaluate,
  neededEvents,
  type RolloutChange,
  referenceRun,
  rolledBack,
} from '@writ/engine'
import { expect, test } from 'vitest'
import { directView } from '../direct-view.ts'
import { checked, judge, logOf } from '../pair.ts'
import { randomFrom } from '../random.ts'
import { generateLog, generateProgram } from './program.ts'

const programs = Number(process.env.WRIT_ROLLOUT_PROGRAMS ?? 250)

test(`on ${programs} programs, 3 logs each`, { timeout: 600_000 }, () => {
  const failures: string[] = []
  const seen = new Map<string, number>()
  const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1)
  for (let seed = 1; seed <= programs; seed++) {
    const { plan, problems, text } = checked(generateProgram(randomFrom(seed)))
    if (!plan) {
      // Stages can be longer than there is time.
      expect(
        problems.filter(problem => !problem.startsWith('W0868')),
        `seed ${seed}\n${text}`,
      ).toEqual([])
      note('refused')
      continue
    }
    for (const rollout of plan.rollouts)
      for (const gate of [rollout.promote, rollout.rollback])
        if (gate?.measures.some(measure => measure.kind === 'indicator')) note('asks for an indicator')
    for (let log = 0; log < 3; log++) {
      const random = randomFrom(seed * 31 + log)
      const events = generateLog(random)
      const last = events.at(-1)?.time ?? 0
      const closeAt = random.chance(40) ? last + random.pick([0, 1, 1000, 60_000]) : null
      const { reference, difference } = judge(plan, events, closeAt)
      if (difference !== null) failures.push(`seed ${seed} log ${log}: ${difference}`)
      for (const { cause, figures } of reference.rollouts.changes)
        note(figures.length > 1 ? `${cause} by several` : cause)
      for (const [index, rollout] of plan.rollouts.entries())
        if (reference.rollouts.stages[index] === rollout.stages.length) note('in force at the end')
        else if (reference.rollouts.stages[index] === rolledBack(rollout)) note('rolled back at the end')
      const counts = Array.from(reference.rollouts.counts ?? [])
      if (counts.includes(0) && counts.includes(1)) note('some count')
    }
  }
  console.log(Object.fromEntries([...seen].sort()))
  expect(failures).toEqual([])
  for (const what of everything) expect(seen.get(what) ?? 0, what).toBeGreaterThan(20)
})

const everything = [
  'started',
  'over',
  'promoted',
  'rolled-back',
  'expired',
  'promoted by several',
  'in force at the end',
  'rolled back at the end',
  'some count',
  'asks for an indicator',
]

test('in pieces, cut anywhere, as in one', { timeout: 300_000 }, () => {
  for (let seed = 1; seed <= programs / 2; seed++) {
    const { plan, text } = checked(generateProgram(randomFrom(seed)))
    if (!plan) continue
    const random = randomFrom(seed * 37)
    const events = generateLog(random)
    const whole = referenceRun(plan, directView(events))
    const changes: RolloutChange[] = []
    const counts: number[] = []
    let continuation: Continuation | null = null
    let hash = ''
    for (let from = 0; from < events.length; ) {
      const end = Math.min(events.length, from + random.between(1, 20))
      const seqs: readonly number[] = continuation === null ? [] : neededEvents(continuation)
      const log = logOf(plan, [...seqs.flatMap(seq => events[seq] ?? []), ...events.slice(from, end)])
      const piece: Evaluation = evaluate(plan, log, {
        continues: true,
        ...(continuation === null ? {} : { resume: { continuation, seqs } }),
      })
      const [over, begin] = [seqs.length, from]
      const moved = (seq: number) => (seq < over ? (seqs[seq] ?? -1) : begin + seq - over)
      for (const change of piece.rollouts.changes)
        changes.push({ ...change, by: change.by < 0 ? -1 : moved(change.by), since: moved(change.since) })
      counts.push(...(piece.rollouts.counts ?? []).slice(piece.firstDecision))
      // Plain data: it can be written down and read again.
      continuation = JSON.parse(JSON.stringify(piece.continuation)) as Continuation
      hash = piece.hash
      from = end
    }
    const inOne = evaluate(plan, logOf(plan, events), { continues: true })
    expect(changes, `seed ${seed}\n${text}`).toEqual(whole.rollouts.changes)
    expect(counts, `seed ${seed}\n${text}`).toEqual([...(whole.rollouts.counts ?? [])])
    expect(hash, `seed ${seed}\n${text}`).toBe(inOne.hash)
  }
})
