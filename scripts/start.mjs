// `npm start`: the first five minutes. Simulates the sample guardrails over the recorded agent runs and prints the report.
import { report } from '../samples/agent-guardrails/score.ts'

const color =
  process.env.FORCE_COLOR !== undefined || (process.stdout.isTTY === true && process.env.NO_COLOR === undefined)
process.stdout.write(await report({ color, width: Math.min(process.stdout.columns ?? 100, 120) }))
