/**
 * Sliding windows by key: a million payments of 10,000 customers, one hour, count, sum, minimum and maximum, exact. The peer
 * keeps an array of payments per customer and shifts old ones out, as one would write it by hand, over the same columns.
 */
import { type Column, evaluate, Interner, type Log, type Plan } from '@writ/engine'
import { print, rates } from './measure.ts'
import { oneContract, planOfText, random } from './requests.ts'

const events = 1_000_000
const customers = 10_000
const hour = 3_600_000
const span = 8 * hour
const rounds = 7

const { log, customer, amount } = payments()

for (const window of [
  { name: 'count', goal: 5e6, form: 'count of Payment by customer over 1h', limit: 60, peer: byQueue(sizeOf) },
  { name: 'sum', goal: 5e6, form: 'sum(amount) of Payment by customer over 1h', limit: 60_000, peer: byQueue(sumOf) },
  {
    name: 'min',
    goal: 2e6,
    form: '(min(amount) of Payment by customer over 1h) ?? 0',
    limit: 200,
    peer: byQueue(leastOf),
  },
  {
    name: 'max',
    goal: 2e6,
    form: '(max(amount) of Payment by customer over 1h) ?? 0',
    limit: 999,
    peer: byQueue(mostOf),
  },
]) {
  const plan = programOf(window.form, window.limit)
  const { deny } = decisionsOf(plan)
  const expected = window.peer(window.limit)
  if (deny !== expected) throw new Error(`${window.name}: ${deny} denied, the peer denies ${expected}`)
  const measured = rates(
    rounds,
    () => evaluate(plan, log).decisions.size,
    () => {
      window.peer(window.limit)
      return events
    },
  )
  print({
    name: `sliding ${window.name} by key, 10 k keys, exact`,
    goal: window.goal,
    value: measured.value,
    peer: { name: 'array per key, by hand', value: measured.peers[0] ?? 0 },
  })
}

function programOf(form: string, limit: number): Plan {
  return planOfText(`module bench
contract Payment version 1.0.0 {
  customer : String
  amount : Decimal
}
policy limits version 1.0.0 {
  on Payment as p
  default permit
  rule over_limit when ${form} > ${limit} deny
}
`)
}

function decisionsOf(plan: Plan): { readonly deny: number } {
  const { decision } = evaluate(plan, log).decisions
  let deny = 0
  for (const code of decision) if (code === 3) deny++
  return { deny }
}

/** A tenth of the customers makes nine tenths of the payments. */
function payments(): { readonly log: Log; readonly customer: Int32Array; readonly amount: Float64Array } {
  const next = random(3)
  const dictionary = new Interner()
  const codes = Array.from({ length: customers }, (_, i) => dictionary.intern(`customer-${i}`))
  const customer = new Int32Array(events)
  const amount = new Float64Array(events)
  for (let row = 0; row < events; row++) {
    customer[row] = codes[next(10) < 9 ? next(customers / 10) : next(customers)] ?? 0
    amount[row] = next(100_000)
  }
  const columns = new Map<string, Column>([
    ['customer', { kind: 'code', values: customer }],
    ['amount', { kind: 'number', scale: 2, values: amount, exact: new Map() }],
  ])
  return { log: oneContract(events, dictionary, columns, timeOf), customer, amount }
}

function timeOf(row: number): number {
  return Math.floor((row / events) * span)
}

interface Queue {
  readonly times: number[]
  readonly amounts: number[]
  sum: number
}

/** How many payments have `value` of their customer's last hour above the limit. */
function byQueue(value: (queue: Queue) => number): (limit: number) => number {
  return limit => {
    const queues = new Map<number, Queue>()
    let found = 0
    for (let row = 0; row < events; row++) {
      const key = customer[row] as number
      let queue = queues.get(key)
      if (queue === undefined) {
        queue = { times: [], amounts: [], sum: 0 }
        queues.set(key, queue)
      }
      const time = timeOf(row)
      queue.times.push(time)
      queue.amounts.push(amount[row] as number)
      queue.sum += amount[row] as number
      while ((queue.times[0] as number) <= time - hour) {
        queue.times.shift()
        queue.sum -= queue.amounts.shift() as number
      }
      if (value(queue) > limit) found++
    }
    return found
  }
}
function sizeOf(queue: Queue): number {
  return queue.times.length
}
function sumOf(queue: Queue): number {
  return queue.sum / 100
}
function leastOf(queue: Queue): number {
  return Math.min(...queue.amounts) / 100
}
function mostOf(queue: Queue): number {
  return Math.max(...queue.amounts) / 100
}
