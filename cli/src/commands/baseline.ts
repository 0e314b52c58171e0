/** `writ baseline`: counts the values of one field in recorded events, as what `drift` is later held against. */
import {
  compare,
  decimalText,
  type FieldType,
  isMoney,
  isRational,
  type Log,
  type LogView,
  type Plan,
  parseRational,
  type Rational,
  type RunResult,
  readSet,
  type Value,
} from '@writ/engine'
import type { BaselineFile } from '@writ/ledger/baselines'
import type { Command } from '../command.ts'
import { chooseEvents, eventsOptions } from '../events.ts'
import { openProgram } from '../open-program.ts'
import { isUnreadable, recordedRun } from '../recorded-run.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import { resultWriter } from '../report/result-writer.ts'
import { counted } from '../terminal/text.ts'

const mostValues = 20

export const baseline: Command = {
  help: {
    name: 'baseline',
    summary: 'count recorded values, for drift to be held against',
    description:
      'Counts the values of one field in recorded events and writes them as a baseline: numbers in bins that hold about equally many of them, texts one by one, the 20 most frequent and all others. Events that a check of their contract takes out are not counted. Name the file under "baselines" in writ.json; rules then ask `drift(VALUE against NAME)`.',
    positionals: [{ name: 'WORKSPACE', required: true, many: false, does: 'a folder with .writ files' }],
    options: [
      { name: 'of', value: 'CONTRACT.FIELD', does: 'whose values are counted' },
      { name: 'bins', value: 'N', does: 'how many bins numbers are put into (10)' },
      { name: 'edges', value: 'NUMBERS', does: 'instead: where bins end, such as 10,50,100' },
      ...eventsOptions,
      { name: 'output', value: 'FILE', does: 'write the baseline to FILE' },
    ],
    examples: [
      {
        line: 'writ baseline samples/refunds --of RefundRequested.amount --output usual.json',
        does: 'what refunds usually amount to',
      },
    ],
  },
  run: async (args, io) => {
    // The baseline that a program asks for may be the one that is to be written.
    const program = await openProgram(args.positionals[0] ?? '.', io, { baselines: false })
    if (program === 'has errors') return 1
    if (isRefusal(program)) return report(io, program)
    const { workspace, plan } = program
    const choice = chooseEvents('baseline', workspace, args, io.cwd)
    if (isRefusal(choice)) return report(io, choice)
    const field = chosenField(plan, args.value('of') ?? '')
    if (isRefusal(field)) return report(io, field)
    const cuts = chosenCuts(args.value('bins'), args.value('edges'))
    if (isRefusal(cuts)) return report(io, cuts)
    const columns = plan.contracts.map((_, i) => new Set(i === field.contract ? [field.type.name] : []))
    const undecided: Plan = { ...plan, policies: [], exceptions: [], indicators: [], objectives: [], rollouts: [] }
    const simulation = await recordedRun(io, {
      plan: undecided,
      workspace,
      choice,
      columns: withChecks(undecided, columns),
      strict: false,
      codeGeneration: true,
      policy: null,
      showProgress: false,
    })
    if (isUnreadable(simulation)) return reportProblem(io, simulation.unreadable, null, 2)
    const values = valuesOf(simulation.log, simulation.view, simulation.result, field)
    const made = baselineOf(field, values, cuts)
    if (isRefusal(made)) return report(io, made)
    const writer = resultWriter(io, args.value('output'))
    if (isRefusal(writer)) return report(io, writer)
    writer.output.write(`${JSON.stringify(made, null, 2)}\n`)
    const failure = writer.finish()
    if (failure !== undefined) return report(io, failure)
    io.error.write(`${counted(values.length, 'value')} in ${counted(made.counts.length, 'bin')}\n`)
    return 0
  },
}

interface Field {
  readonly contract: number
  readonly name: string
  readonly type: FieldType
}

function chosenField(plan: Plan, text: string): Field | Refusal {
  const [name = '', path = ''] = text.split('.')
  const contract = plan.contracts.findIndex(one => one.name === name)
  const type = plan.contracts[contract]?.fields.find(field => field.name === path)
  const kind = type?.type.kind === 'optional' ? type.type.inner.kind : type?.type.kind
  if (!type || kind === undefined) {
    const known = plan.contracts.map(one => one.name).join(', ')
    return refuse('W3019', { text, why: 'there is no such field', hint: `Contracts are ${known}.` })
  }
  if (kind === 'list' || kind === 'record' || kind === 'time')
    return refuse('W3019', {
      text,
      why: 'its values fall into no bins',
      hint: 'Name a field with single values, no Time.',
    })
  return { contract, name: text, type }
}

type Cuts = { readonly bins: number } | { readonly edges: readonly string[] }

function chosenCuts(bins: string | undefined, edges: string | undefined): Cuts | Refusal {
  if (edges !== undefined) {
    const numbers = edges.split(',').map(edge => edge.trim())
    const isNumber = numbers.every(edge => /^-?\d{1,60}(\.\d{1,60})?$/.test(edge))
    return isNumber
      ? { edges: numbers }
      : refuse('W3003', { option: '--edges', wrong: `is ${edges}`, expected: 'numbers such as 10,50,100' })
  }
  const number = Number(bins ?? '10')
  return Number.isInteger(number) && number >= 2 && number <= 1000
    ? { bins: number }
    : refuse('W3003', { option: '--bins', wrong: `is ${bins}`, expected: 'a number from 2 to 1000' })
}

/** What is read of contracts' checks, and the field. */
function withChecks(plan: Plan, columns: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] {
  return readSet(plan).map((own, i) => new Set([...own, ...(columns[i] ?? [])]))
}

/** The known values of accepted events. */
function valuesOf(log: Log, view: LogView, { rejected }: RunResult, { contract, type }: Field): readonly Value[] {
  const out = new Set(rejected)
  const values: Value[] = []
  for (const seq of log.batches[contract]?.seq ?? []) {
    if (out.has(seq)) continue
    const value = view.event(seq).value([type.name])
    if (typeof value !== 'symbol') values.push(value)
  }
  return values
}

function baselineOf({ name }: Field, values: readonly Value[], cuts: Cuts): BaselineFile | Refusal {
  if (values.length === 0)
    return refuse('W3019', {
      text: name,
      why: 'the events have no value of it',
      hint: 'Name other events with --events.',
    })
  const numbers = values.flatMap((value): Rational[] => {
    if (typeof value !== 'object' || Array.isArray(value)) return []
    return isMoney(value) ? [value.amount] : isRational(value) ? [value] : []
  })
  if (numbers.length < values.length) return ofTexts(name, values.map(String))
  const currencies = new Set(values.map(value => (typeof value === 'object' && isMoney(value) ? value.currency : '')))
  if (currencies.size > 1) {
    const why = `its amounts are in ${[...currencies].join(' and ')}`
    return refuse('W3019', { text: name, why, hint: 'Amounts of one currency can be counted together.' })
  }
  const [currency = ''] = currencies
  const sorted = numbers.toSorted(compare)
  const edges = 'edges' in cuts ? cuts.edges : edgesOf(sorted, cuts.bins)
  const ends = edges.map(edge => parseRational(edge) ?? zeroEdge)
  const counts = Array.from({ length: edges.length + 1 }, () => 0)
  for (const number of sorted) {
    const place = ends.findIndex(edge => compare(number, edge) <= 0)
    const bin = place < 0 ? edges.length : place
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return { of: name, edges: [...edges], ...(currency === '' ? {} : { currency }), counts }
}

/** The values at the ends of bins that hold about equally many; fewer where many values are the same. */
function edgesOf(sorted: readonly Rational[], bins: number): readonly string[] {
  const edges = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / bins) - 1])
  const texts = edges.flatMap(edge => (edge === undefined ? [] : decimalText(edge)))
  const last = decimalText(sorted.at(-1) ?? zeroEdge)
  const different = [...new Set(texts)]
  // Nothing is above the largest value; with one value only, that value is the edge.
  return different.length > 1 ? different.filter(text => text !== last) : different
}

function ofTexts(name: string, texts: readonly string[]): BaselineFile {
  const times = new Map<string, number>()
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1)
  const ranked = [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const shown = ranked.slice(0, mostValues)
  const others = ranked.slice(mostValues).reduce((sum, [, number]) => sum + number, 0)
  return { of: name, values: shown.map(([text]) => text), counts: [...shown.map(([, number]) => number), others] }
}

const zeroEdge: Rational = { n: 0n, d: 1n }
