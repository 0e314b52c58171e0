/** Policies for the benchmarks of the editor: one long file, or a workspace of many that use each other. */

const contract = `contract Refund version 1.0.0 {
  id : String key
  at : Time time
  customer : String
  amount : Money<USD>
  risk : Decimal?
  channel : enum { chat, email, phone }
}
`

/** One contract, then policies of 20 lines until there are enough. */
export function policyFile(lines: number): string {
  const parts = [`module large\n\n${contract}`]
  for (let policy = 0, count = 12; count < lines; policy++, count += 20) parts.push(policyText(policy))
  return parts.join('')
}

/** By path: one file with the contract, the others with policies about it. */
export function workspaceFiles(files: number, lines: number): Readonly<Record<string, string>> {
  const made: Record<string, string> = { 'events.writ': `module events\n\n${contract}` }
  for (let file = 1; file < files; file++) {
    const parts = [`module part_${file}\nuse events { Refund }\n`]
    for (let count = 2; count < lines; count += 20) parts.push(policyText(file * 1000 + count))
    made[`part${file}.writ`] = parts.join('')
  }
  return made
}

function policyText(policy: number): string {
  return `
/// Policy ${policy} of many.
policy limits_${policy} version 1.0.0 {
  owner "team-${policy % 7}"
  on Refund as r
  combine strictest
  default permit

  let spent = sum(amount) of Refund by customer over 24h

  rule small "small refunds of kind ${policy}"
    when r.channel == chat and r.amount > 5${policy % 10} USD and (r.risk ?? 0) > 0.5
    hold "kind ${policy} of {r.amount}"

  rule daily
    when spent > ${200 + (policy % 1000)} USD or count of Refund by customer over 10m > 20
    deny "{spent} in a day"
    then notify desk { customer: r.customer }
}
`
}
