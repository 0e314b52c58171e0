/**
 * What a keystroke costs in a file of 10,000 lines: until the syntax problems are known (parse with the previous tree), and until
 * all problems are (check with the previous result, privacy flow, analysis). The peer is the same work from scratch, in the same process, edit by edit.
 * Prints JSON lines; bench/run.ts collects them.
 */
import { analyze, type Checked, check, flow } from '@writ/engine'
import { parse, type SourceFile, syntaxProblems } from '@writ/grammar'
import { policyFile } from './policy-files.ts'

const edits = 200
let text = policyFile(10_000)
let file: SourceFile = parse('large.writ', text)
let checked: Checked = check([file])
analysed(checked)
const problems = checked.problems.filter(found => found.severity === 'error')
if (problems.length > 0)
  throw new Error(`the generated file has problems: ${problems[0]?.code} ${problems[0]?.message}`)

const times = { syntax: [] as number[], all: [] as number[], fullSyntax: [] as number[], fullAll: [] as number[] }
for (let edit = 0; edit < edits; edit++) {
  text = edited(text, edit)
  const began = performance.now()
  file = parse('large.writ', text, file)
  syntaxProblems(file)
  const parsed = performance.now()
  checked = check([file], checked)
  analysed(checked)
  const done = performance.now()
  times.syntax.push(parsed - began)
  times.all.push(done - began)
}
// The peer comes last: the garbage of whole parses must not be collected at the cost of the edits.
for (let round = 0; round < 10; round++) {
  const began = performance.now()
  const whole = parse('large.writ', text)
  syntaxProblems(whole)
  const parsed = performance.now()
  const full = check([whole])
  analysed(full)
  const done = performance.now()
  times.fullSyntax.push(parsed - began)
  times.fullAll.push(done - began)
  if (full.problems.length !== checked.problems.length) throw new Error('incremental and full check differ')
}
report('keystroke to syntax problems, 10,000 lines, p95', times.syntax, 5, 'parse of the whole file', times.fullSyntax)
report(
  'keystroke to all problems, 10,000 lines, p95',
  times.all,
  16,
  'parse and check of the whole file',
  times.fullAll,
)

/** What is said of a program that checks clean, as editors and `writ check` show it. */
function analysed({ plan }: Checked): void {
  if (plan === null) throw new Error('the edited file has errors')
  flow(plan)
  analyze(plan)
}

function report(
  name: string,
  values: readonly number[],
  goal: number,
  peerName: string,
  peers: readonly number[],
): void {
  const value = rounded(percentile(values, 0.95))
  const peer = { name: peerName, value: rounded(percentile(peers, 0.5)) }
  console.log(JSON.stringify({ name, value, unit: 'ms', goal, peer, least: rounded(Math.min(...values)) }))
}
function percentile(values: readonly number[], rank: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * rank))] ?? 0
}
function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

/** Types one more digit into a number somewhere in the middle third, or takes it out again. */
function edited(before: string, edit: number): string {
  const at = before.indexOf('amount > 5', Math.floor(before.length * (0.33 + (edit % 30) / 100))) + 'amount > 5'.length
  return before[at] === '7' ? before.slice(0, at) + before.slice(at + 1) : `${before.slice(0, at)}7${before.slice(at)}`
}
