/**
 * Runs the `test` declarations of a plan. Each `given` is put after the ones before it and judged by the reference
 * interpreter; each expectation speaks of the event given last. Which steps make sense at all is the checker's business.
 */
import type { SourceSpan } from '../plan/expression.ts'
import type { Plan, PlanStep, PlanTest } from '../plan/plan.ts'
import { expectation } from './expectations.ts'
import { expectStatus } from './status.ts'
import { type ApproveStep, type GivenEvent, type GivenStep, givenEvent } from './test-events.ts'

export interface TestResult {
  readonly title: string
  readonly module: string
  /** Path of the file, and the line of the test in it, from 1. */
  readonly file: string
  readonly line: number
  readonly passed: boolean
  /** What was expected and what came, and why; null where it passed. */
  readonly message: string | null
  /** The step that failed; null where the test passed. */
  readonly failedAt: (SourceSpan & { readonly line: number }) | null
}

export interface TestOptions {
  /** Which tests to run; all of them without it. */
  readonly select?: (test: PlanTest) => boolean
}

/** In the order of the plan. */
export function runTests(plan: Plan, options: TestOptions = {}): readonly TestResult[] {
  const tests = options.select ? plan.tests.filter(options.select) : plan.tests
  return tests.map(test => {
    const failure = firstFailure(plan, test)
    return {
      title: test.title,
      module: test.module,
      file: plan.files[test.span.file]?.path ?? '',
      line: lineOf(plan, test.span),
      passed: failure === null,
      message: failure?.message ?? null,
      failedAt: failure && { ...failure.step.span, line: lineOf(plan, failure.step.span) },
    }
  })
}

interface Failure {
  readonly step: PlanStep
  readonly message: string
}

/** A test ends at its first failure: what follows rests on it. */
function firstFailure(plan: Plan, test: PlanTest): Failure | null {
  const given: (GivenStep | ApproveStep)[] = []
  let last: GivenEvent | null = null
  let now = 0
  for (const step of test.steps) {
    if ('at' in step) now = step.at
    if (step.kind === 'at') continue
    if (step.kind === 'approve') {
      given.push(step)
      last = givenEvent(plan, given)
      continue
    }
    if (step.kind === 'expect-status') {
      const message = expectStatus(plan, step, last?.view ?? null, now)
      if (message !== null) return { step, message }
      continue
    }
    if (step.kind === 'given') {
      given.push(step)
      last = givenEvent(plan, given)
      const unexpected = unexpectedFindings(test, step, last)
      if (unexpected !== null) return { step, message: unexpected }
      continue
    }
    const message = last ? expectation(plan, step, last, now) : 'no event is given before this expectation'
    if (message !== null) return { step, message }
  }
  return null
}

/** Values that break the contract are on purpose only where the next expectation says so. */
function unexpectedFindings(test: PlanTest, step: GivenStep, given: GivenEvent): string | null {
  const { findings } = given
  if (findings.length === 0) return null
  const next = test.steps[test.steps.indexOf(step) + 1]
  if (next?.kind === 'expect-problem') return null
  return given.rejected || findings.some(({ code }) => code < 'W2009')
    ? `the event breaks its contract, and no \`expect problem\` follows: ${findings.map(told).join('; ')}`
    : null
}

function told({ code, message }: { readonly code: string; readonly message: string }): string {
  return `${code} ${message}`
}

function lineOf(plan: Plan, span: SourceSpan): number {
  const text = plan.files[span.file]?.text ?? ''
  return text.slice(0, span.start).split('\n').length
}
