/**
 * What an editor waits for, through a client that speaks the protocol in the same process: from a keystroke to the problems that are
 * sent, completion and colours while typing, and the opening of a workspace of 1,000 files and 100,000 lines. Prints JSON lines.
 */
import { check } from '@writ/engine'
import { parse } from '@writ/grammar'
import { type FakeClient, fakeClient, positionOf, root } from '../language-server/test/fake-client.ts'
import { policyFile, workspaceFiles } from './policy-files.ts'

await keystrokes()
await opening()
process.exit(0)

async function keystrokes(): Promise<void> {
  const text = policyFile(10_000)
  const client = await fakeClient({ capabilities: {} })
  await client.open('large.writ', text)
  // The first problem that is sent says that the file is known.
  await edit(client, 0)
  await client.sentCodes('large.writ', codes => codes.length > 0)
  const times = { problems: [] as number[], completion: [] as number[], tokens: [] as number[] }
  const document = { textDocument: { uri: `${root}large.writ` } }
  await client.request('textDocument/semanticTokens/full', document)
  for (let round = 1; round <= 120; round++) {
    const wrong = round % 2 === 0
    const began = performance.now()
    await edit(client, round)
    await client.sentCodes('large.writ', codes => codes.includes('W0214') === wrong)
    times.problems.push(performance.now() - began)
    if (round % 4 !== 0) continue
    const now = client.text('large.writ')
    const at = { ...document, position: positionOf(now, placeOf(now, round) - 'amount'.length) }
    const asked = performance.now()
    await client.request('textDocument/completion', at)
    const completed = performance.now()
    await client.request('textDocument/semanticTokens/full', document)
    times.completion.push(completed - asked)
    times.tokens.push(performance.now() - completed)
  }
  const peer = {
    name: 'parse and check of the whole file',
    value: rounded(
      percentile(
        repeated(5, () => check([parse('l', text)])),
        0.5,
      ),
    ),
  }
  row('keystroke to sent problems through the protocol, 10,000 lines, p95', times.problems, 16, peer)
  row('completion through the protocol, 10,000 lines, p95', times.completion, 50, peer)
  row('semantic tokens after an edit, 10,000 lines, p95', times.tokens, null, peer)
  await client.stop()
}

/** Misspells a field in the middle third, and spells it right again. */
function edit(client: FakeClient, round: number): Promise<void> {
  const text = client.text('large.writ')
  const wrong = text.indexOf('amounx')
  if (wrong >= 0) return client.edit('large.writ', wrong + 5, wrong + 6, 't')
  const at = placeOf(text, round)
  return client.edit('large.writ', at - 1, at, 'x')
}

/** Behind the name of a field. */
function placeOf(text: string, round: number): number {
  return text.indexOf('r.amount >', Math.floor(text.length * (0.33 + (round % 30) / 100))) + 'r.amount'.length
}

async function opening(): Promise<void> {
  const files = workspaceFiles(1_000, 100)
  const lines = Object.values(files).reduce((sum, text) => sum + text.split('\n').length - 1, 0)
  const times: number[] = []
  let megabytes = 0
  for (let round = 0; round < 3; round++) {
    const before = heap()
    const began = performance.now()
    const client = await fakeClient({ files })
    await client.pull('part1.writ')
    times.push(performance.now() - began)
    megabytes = Math.max(megabytes, heap() - before)
    await client.stop()
  }
  const texts = Object.entries(files)
  const whole = repeated(2, () => check(texts.map(([path, text]) => parse(path, text))))
  const peer = { name: 'parse and check without a server', value: rounded(Math.min(...whole)) }
  const name = `opening 1,000 files, ${lines.toLocaleString('en')} lines: first problems`
  const value = rounded(Math.min(...times))
  console.log(JSON.stringify({ name, value, unit: 'ms', goal: 1_500, peer, heapMegabytes: megabytes }))
}

/** In megabytes, after a collection where the process allows one. */
function heap(): number {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 1_000_000)
}

function repeated(times: number, work: () => unknown): readonly number[] {
  return Array.from({ length: times }, () => {
    const began = performance.now()
    work()
    return performance.now() - began
  })
}

function row(
  name: string,
  values: readonly number[],
  goal: number | null,
  peer: { readonly name: string; readonly value: number },
): void {
  const value = rounded(percentile(values, 0.95))
  console.log(JSON.stringify({ name, value, unit: 'ms', goal, peer, median: rounded(percentile(values, 0.5)) }))
}
function percentile(values: readonly number[], rank: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * rank))] ?? 0
}
function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
