/** Findings about the records together with what the evaluation noticed, in one form: failed checks and unknown conditions. */
import type { LogView, Plan, PlanCheck, RunResult } from '@writ/engine'
import { problem } from '@writ/grammar'
import type { OpenedEvents } from '@writ/ledger/node'
import { measureFindings } from './report/measure-findings.ts'
import type { Findings } from './report/simulation.ts'
import { count, counted } from './terminal/text.ts'

/** Failed checks that are told in words; all are counted. */
const mostChecks = 100
/** Likewise of what objectives and promises of contracts missed. */
const mostMeasures = 100

export function gatherFindings(opened: OpenedEvents, plan: Plan, view: LogView, result: RunResult): Findings {
  const counts = new Map(opened.findingCounts)
  const listed = [...opened.findings]
  const add = (code: string, times: number): void => void counts.set(code, (counts.get(code) ?? 0) + times)
  for (const [place, { seq, check }] of result.failedChecks.entries()) {
    const contract = plan.contracts[view.event(seq).contract]
    const failed = contract?.checks[check]
    if (contract === undefined || failed === undefined) throw new Error(`event ${seq} has no check ${check}`)
    const code = failed.otherwise === 'reject' ? 'W2009' : 'W2010'
    add(code, 1)
    if (place >= mostChecks) continue
    const told = failed.message ?? sourceOf(plan, failed)
    const { message } = problem(code, { start: 0, end: 0 }, { contract: contract.name, check: told })
    const { file, index } = view.event(seq)
    listed.push({ code, message, file, line: null, index, path: null })
  }
  for (const notice of result.notices) {
    const policy = plan.policies[notice.policy]
    const rule = policy?.rules[notice.rule]
    const { file, index } = view.event(notice.firstSeq)
    const { message } = problem(
      notice.code,
      { start: 0, end: 0 },
      {
        rule: rule?.name ?? '',
        policy: policy?.name ?? '',
        decides: rule?.decision === 'hold' ? 'held' : 'denied',
        events: counted(notice.count, 'event'),
        times: notice.count === 1 ? 'once' : `${count(notice.count)} times`,
        place: `${file}, record ${index + 1}`,
      },
    )
    add(notice.code, notice.count)
    listed.push({ code: notice.code, message, file, line: null, index, path: null })
  }
  for (const [place, finding] of measureFindings(plan, view, result.measures).entries()) {
    add(finding.code, 1)
    if (place < mostMeasures) listed.push(finding)
  }
  return { counts, listed }
}

function sourceOf(plan: Plan, check: PlanCheck): string {
  const { file, start, end } = check.condition.span
  return plan.files[file]?.text.slice(start, end).replace(/\s+/g, ' ') ?? ''
}
