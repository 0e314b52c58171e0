/**
 * The long run: `WRIT_DIFFERENTIAL=100000 WRIT_SEED=1000 node test/differential/long.ts` judges that many pairs from that seed
 * on (default: 10,000 pairs from a seed of the clock, which it prints), with progress on stderr. Exit code 1 on a difference.
 */
import { campaign } from './campaign.ts'

const pairs = Number(process.env.WRIT_DIFFERENTIAL ?? 10_000)
const seed = Number(process.env.WRIT_SEED ?? Math.floor(Date.now() / 1000) * 1000)
const logsPerProgram = Number(process.env.WRIT_LOGS ?? 3)
const started = Date.now()
let told = started

const programs = Math.ceil(pairs / logsPerProgram)
console.log(`${programs} programs from seed ${seed}, ${logsPerProgram} logs each`)
const seeds = Array.from({ length: programs }, (_, i) => seed + i)
const { statistics, failures, refused } = campaign(seeds, logsPerProgram, ({ pairs: done }) => {
  if (Date.now() - told < 5_000) return
  told = Date.now()
  const rate = done / ((told - started) / 1000)
  process.stderr.write(`${done} of ${pairs} pairs, ${rate.toFixed(0)}/s, ${Math.ceil((pairs - done) / rate)} s left\n`)
})
console.log(statistics.report())
for (const { report } of refused.slice(0, 10)) console.log(`\n${report}`)
for (const { report } of failures) console.log(`\n${report}`)
console.log(
  `\n${statistics.pairs} pairs in ${((Date.now() - started) / 1000).toFixed(0)} s: ${failures.length} differences, ${refused.length} programs refused`,
)
process.exitCode = failures.length + refused.length > 0 ? 1 : 0
