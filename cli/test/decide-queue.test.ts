/** The queue before the log: bounded, in order, each caller with its own decisions, and nobody waits for ever when the log fails. */
import { expect, test } from 'vitest'
import { DecideQueue, type Deciding } from '../src/serve/decide-queue.ts'

/** Decides every line with its number; durable when `flush` is called. */
function held(): { readonly run: Deciding; readonly batches: number[]; readonly flush: (error?: Error) => void } {
  let records = 0
  let settle: (error?: Error) => void = () => {}
  const batches: number[] = []
  const decide: Deciding['decide'] = bytes => {
    const count = new TextDecoder().decode(bytes).split('\n').length - 1
    const lines = Array.from({ length: count }, (_, place) => `{"event":{"index":${records + place}}}\n`).join('')
    records += count
    batches.push(count)
    const durable = new Promise<void>((done, fail) => {
      settle = error => (error === undefined ? done() : fail(error))
    })
    return { lines, durable, decisions: count, records: count, findings: [] }
  }
  return {
    run: {
      get records() {
        return records
      },
      decide,
    },
    batches,
    flush: error => settle(error),
  }
}
const turn = () => new Promise(next => setTimeout(next, 5))

test('what comes while a batch is flushed goes together, and each caller gets its own', async () => {
  const { run, batches, flush } = held()
  const queue = new DecideQueue(run, 1000)
  const first = queue.submit(Buffer.from('{}\n'), 1)
  await turn()
  const others = [queue.submit(Buffer.from('{}\n{}\n'), 2), queue.submit(Buffer.from('{}\n'), 1)]
  await turn()
  expect(batches).toEqual([1])
  flush()
  await turn()
  expect(batches).toEqual([1, 3])
  flush()
  const all = await Promise.all([first, ...others])
  expect(all.map(one => [one?.first, one?.decisions.length])).toEqual([
    [0, 1],
    [1, 2],
    [3, 1],
  ])
  await queue.idle()
  expect(queue.pendingBytes).toBe(0)
})

test('beyond its bound callers are told to come again; what fits is taken again later', async () => {
  const { run, flush } = held()
  const queue = new DecideQueue(run, 10)
  const first = queue.submit(Buffer.from('{"a":123}\n'), 1)
  expect(queue.submit(Buffer.from('{}\n'), 1)).toBe(null)
  await turn()
  flush()
  await first
  expect(queue.submit(Buffer.from('{}\n'), 1)).not.toBe(null)
  await turn()
  flush()
})

test('when the log cannot be written, those that wait and those that come are told', async () => {
  const { run, flush } = held()
  const queue = new DecideQueue(run, 1000)
  const first = queue.submit(Buffer.from('{}\n'), 1)
  const told = expect(first).rejects.toThrow('disk full')
  await turn()
  const second = queue.submit(Buffer.from('{}\n'), 1)
  const toldToo = expect(second).rejects.toThrow('disk full')
  flush(new Error('disk full'))
  await Promise.all([told, toldToo])
  expect(String(queue.failure)).toContain('disk full')
})
