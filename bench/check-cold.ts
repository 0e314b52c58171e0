/**
 * `writ check` on a small workspace, the whole process, against a bare Node process: what a user waits for. Runs alternate, so
 * that a busy machine slows both. Prints a JSON line; bench/run.ts collects it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const runs = 15
const folder = mkdtempSync(join(tmpdir(), 'writ-bench-'))
try {
  writeFileSync(join(folder, 'policies.writ'), smallWorkspace())
  spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
  const check = ['cli/bin/writ.cjs', 'check', folder]
  const first = spawnSync(process.execPath, check, { encoding: 'utf8' })
  if (first.status !== 0) throw new Error(`writ check failed: ${first.stdout}${first.stderr}`)
  const times = { check: [] as number[], bare: [] as number[] }
  for (let run = 0; run < runs; run++) {
    times.check.push(wallTime(check))
    times.bare.push(wallTime(['-e', '0']))
  }
  const value = median(times.check)
  const peer = median(times.bare)
  console.log(
    JSON.stringify({
      name: 'writ check on a small file, whole process',
      value: rounded(value),
      unit: 'ms',
      goal: 75,
      peer: { name: 'bare Node', value: rounded(peer) },
      least: rounded(Math.min(...times.check)),
    }),
  )
} finally {
  rmSync(folder, { recursive: true })
}

function wallTime(args: readonly string[]): number {
  const started = performance.now()
  spawnSync(process.execPath, args, { stdio: 'ignore' })
  return performance.now() - started
}
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

/** About a hundred lines: a contract and a policy of twelve rules. */
function smallWorkspace(): string {
  const rules = Array.from(
    { length: 12 },
    (_, place) => `
  rule limit_${place} "refunds of kind ${place} have their limit"
    when r.channel == chat and r.amount > ${10 * place + 5} USD and r.risk is present and r.risk > 0.${place + 10}
    hold "kind ${place} of {r.amount}"
    then notify desk { customer: r.customer }
`,
  )
  return `module refunds

sink desk { accepts personal(identifier) }

/// A customer asks for money back.
contract Refund version 1.0.0 {
  id       : String   key
  at       : Time     time
  customer : String   personal(identifier)
  amount   : Money<USD>
  risk     : Decimal? in 0 .. 1
  channel  : enum { chat, email, phone }

  check amount > 0 USD else reject "a refund is positive"
}

policy limits version 1.0.0 {
  on Refund as r
  combine strictest
  default permit

  let spent = sum(amount) of Refund by customer over 24h
${rules.join('')}
  rule daily
    when spent > 500 USD
    deny "{spent} in a day"
}

test "small refunds pass" {
  given Refund { id: "r1", customer: "c1", amount: 4 USD, channel: chat } at 09:00
  expect permit
}
`
}
