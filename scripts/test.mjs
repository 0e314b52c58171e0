// `npm test`: types, lint, then every vitest suite and the samples' own tests; ends with one line that sums them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bin = name => join('node_modules', '.bin', name)
let passed = 0
let failed = 0

step('types', bin('tsc'), ['-b'])
step('lint', bin('biome'), ['check', '.'])

const folder = mkdtempSync(join(tmpdir(), 'writ-test-'))
const report = join(folder, 'vitest.json')
const vitest = spawnSync(
  bin('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
try {
  const result = JSON.parse(readFileSync(report, 'utf8'))
  passed += result.numPassedTests
  failed += result.numFailedTests
  // A suite that could not even be loaded counts as one failure, so that it cannot be overlooked.
  failed += result.testResults.filter(suite => suite.status === 'failed' && suite.assertionResults.length === 0).length
} catch (error) {
  console.error(`vitest left no report (${error.message})`)
  failed++
}
if (vitest.status !== 0 && failed === 0) failed++
rmSync(folder, { recursive: true })

for (const sample of readdirSync('samples', { withFileTypes: true })) {
  if (!sample.isDirectory()) continue
  const run = spawnSync(
    process.execPath,
    ['cli/bin/writ.cjs', 'test', join('samples', sample.name), '--format', 'json'],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  try {
    const tests = JSON.parse(run.stdout).tests
    const wrong = tests.filter(test => !test.passed)
    passed += tests.length - wrong.length
    failed += wrong.length
    console.log(`writ test samples/${sample.name}: ${tests.length - wrong.length} passed, ${wrong.length} failed`)
    for (const test of wrong) console.log(`  ${test.file}:${test.line} ${test.name}: ${test.message}`)
  } catch {
    failed++
    console.log(`writ test samples/${sample.name} gave no report: ${run.stderr}`)
  }
}

console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function step(name, command, parameters) {
  const run = spawnSync(command, parameters, { stdio: 'inherit' })
  if (run.status === 0) passed++
  else {
    failed++
    console.error(`${name}: failed`)
  }
}
