/** `writ test`: runs the `test` declarations of a workspace. */
import { type Plan, type PlanTest, type PropertyResult, runProperties, runTests, type TestResult } from '@writ/engine'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { openProgram } from '../open-program.ts'
import { isUnreadable } from '../recorded-run.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import { resultWriter } from '../report/result-writer.ts'
import { testJson } from '../report/test-json.ts'
import type { Io, Output } from '../terminal/io.ts'
import { counted, elapsed, printable, wrap } from '../terminal/text.ts'
import { type CountedCoverage, countCoverage, logOf } from '../test-coverage.ts'
import { mutate, writeKillers } from '../test-mutation.ts'
import { shownPath } from '../workspace.ts'
import { testHelp } from './test-options.ts'

export const test: Command = {
  help: testHelp,
  run: async (args, io) => {
    const program = await openProgram(args.positionals[0] ?? '.', io)
    if (program === 'has errors') return 1
    if (isRefusal(program)) return report(io, program)
    const { plan, workspace } = program
    const filter = args.value('filter')
    const chosen = matching(plan, filter)
    const wanted = filter?.toLowerCase() ?? ''
    const properties = plan.properties.filter(one => `${one.name} ${one.title ?? ''}`.toLowerCase().includes(wanted))
    if (chosen.size === 0 && properties.length === 0 && plan.tests.length > 0 && filter !== undefined) {
      return report(io, refuse('W3032', { count: plan.tests.length, filter: `"${filter}"` }))
    }
    const wantsCoverage = args.has('coverage') || args.has('lcov')
    const useless = uselessOption(args, wantsCoverage)
    if (useless !== undefined) return report(io, useless)
    const recorded = await logOf(plan, workspace, args, io)
    if (recorded !== null && isRefusal(recorded)) return report(io, recorded)
    if (recorded !== null && isUnreadable(recorded)) return reportProblem(io, recorded.unreadable, null)
    const coverage = wantsCoverage ? countCoverage(plan, [...chosen], recorded) : null
    if (coverage !== null && args.has('lcov')) {
      const refused = await writeLcov(coverage, args.value('lcov'), workspace.shown, io)
      if (refused !== undefined) return report(io, refused)
    }
    const started = performance.now()
    const results = runTests(plan, { select: one => chosen.has(one) })
    const judged = runProperties(plan, { budget: smallBudget, select: one => properties.includes(one) })
    const elapsedMs = performance.now() - started
    const allPass = results.every(result => result.passed)
    // What a failing test would say of a change, it says already.
    const mutation = args.has('mutate') && allPass ? mutate(plan, workspace, args, recorded?.log ?? null, io) : null
    if (mutation !== null && isRefusal(mutation)) return report(io, mutation)
    if (args.choice('format', ['text', 'json']) === 'json') {
      const more = {
        ...(coverage === null ? {} : { coverage: (await import('../report/coverage-json.ts')).coverageJson(coverage) }),
        ...(mutation === null ? {} : { mutation: (await import('../report/mutation-json.ts')).mutationJson(mutation) }),
      }
      io.output.write(
        `${JSON.stringify({ ...testJson(plan, results, judged, workspace.shown, elapsedMs), ...more }, null, 2)}\n`,
      )
    } else {
      io.output.write(testText(results, workspace.shown, elapsedMs, io.output))
      if (judged.length > 0) io.output.write(await judgedText(plan, judged, workspace.shown, io.output))
      if (coverage !== null) {
        const { coverageText } = await import('../report/coverage-text.ts')
        io.output.write(`\n${coverageText(coverage, workspace.shown, io.output, args.has('pairs'))}`)
      }
      if (mutation !== null) {
        const { mutationText } = await import('../report/mutation-text.ts')
        io.output.write(`\n${mutationText(mutation, workspace.shown, io.output)}`)
      } else if (args.has('mutate')) io.output.write('\nchanges are tried when all tests pass\n')
    }
    const path = args.value('write-test')
    if (path !== undefined && mutation !== null) {
      const done = writeKillers(mutation, workspace, io.cwd, path)
      if (isRefusal(done)) return report(io, done)
      io.error.write(`${counted(done.written, 'test')} added to ${printable(path)}\n`)
    }
    const holds = judged.every(({ verdict }) => verdict.kind !== 'refuted')
    return allPass && holds ? 0 : 1
  },
}

/** An option that does nothing without another one. */
function uselessOption(args: Arguments, wantsCoverage: boolean): Refusal | undefined {
  const mutates = args.has('mutate')
  const needsMutate = ['policy', 'size', 'budget', 'write-test'].find(option => args.has(option))
  const [option, needs] =
    needsMutate !== undefined && !mutates
      ? [needsMutate, '--mutate too']
      : args.has('events') && !mutates && !wantsCoverage
        ? ['events', '--coverage or --mutate too']
        : [undefined, '']
  if (option === undefined) return undefined
  return refuse('W3003', { option: `--${option}`, wrong: 'has no use here', expected: needs })
}

async function writeLcov(
  coverage: CountedCoverage,
  path: string | undefined,
  shown: string,
  io: Io,
): Promise<Refusal | undefined> {
  const { lcov } = await import('../report/coverage-json.ts')
  const writer = resultWriter(io, path)
  if (isRefusal(writer)) return writer
  writer.output.write(lcov(coverage, file => shownPath(shown, file)))
  return writer.finish()
}

/** Traces that are tried for each property here. */
const smallBudget = 2_000

async function judgedText(
  plan: Plan,
  judged: readonly PropertyResult[],
  shown: string,
  output: Output,
): Promise<string> {
  const { propertiesText, propertySummary } = await import('../report/property-text.ts')
  return `\n${propertiesText(plan, judged, shown, output)}\n${propertySummary(judged, output)}\n`
}

function matching(plan: Plan, filter: string | undefined): ReadonlySet<PlanTest> {
  const wanted = filter?.toLowerCase() ?? ''
  return new Set(plan.tests.filter(one => one.title.toLowerCase().includes(wanted)))
}

function testText(results: readonly TestResult[], shown: string, elapsedMs: number, output: Output): string {
  const { paint, columns } = output
  if (results.length === 0) {
    return [
      `no tests in ${printable(shown)}. One looks like this:`,
      '',
      '  test "small refunds pass" {',
      '    given RefundRequested { amount: 20 USD }',
      '    expect permit',
      '  }',
      '',
    ].join('\n')
  }
  const lines: string[] = []
  let file = ''
  for (const result of results) {
    if (result.file !== file) {
      file = result.file
      lines.push(`${lines.length > 0 ? '\n' : ''}${paint.bold(printable(shownPath(shown, file)))}`)
    }
    lines.push(`  ${result.passed ? paint.green('✓') : paint.red('✗')} ${printable(result.title)}`)
    if (result.message === null) continue
    const place = `${shownPath(shown, result.file)}:${result.failedAt?.line ?? result.line}`
    const message = result.message.split('\n').flatMap(line => wrap(printable(line), columns - 6))
    lines.push(...message.map(line => `      ${line}`), `      ${paint.dim(printable(place))}`)
  }
  const passed = results.filter(result => result.passed).length
  const failed = results.length - passed
  const outcome =
    failed === 0
      ? `${paint.green('✓')} ${counted(passed, 'test')} passed`
      : `${paint.red('✗')} ${counted(failed, 'test')} failed, ${passed} passed`
  return `${[...lines, '', `${outcome} in ${elapsed(elapsedMs)}`].join('\n')}\n`
}
