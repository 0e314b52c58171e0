/**
 * Runs inside of VS Code's extension host: all tests of this folder, with mocha. It writes what came of them to a file, because VS Code
 * ends with "all fine" also where the extension host died.
 */
import { appendFileSync, writeFileSync } from 'node:fs'
import { format } from 'node:util'
import Mocha from 'mocha'

export function run(): Promise<void> {
  const { WRIT_TEST_LOG = '', WRIT_TEST_RESULT = '', WRIT_TEST_FILES = '[]' } = process.env
  const say = (...told: unknown[]): void => {
    appendFileSync(WRIT_TEST_LOG, `${format(...told)}\n`)
  }
  Mocha.reporters.Base.consoleLog = say
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false })
  const files: unknown = JSON.parse(WRIT_TEST_FILES)
  if (Array.isArray(files)) for (const file of files) if (typeof file === 'string') mocha.addFile(file)
  return new Promise((done, fail) => {
    const runner = mocha.run(failures => {
      const { tests = 0, passes = 0, pending = 0 } = runner.stats ?? {}
      writeFileSync(WRIT_TEST_RESULT, JSON.stringify({ tests, passes, pending, failures }))
      if (failures === 0) done()
      else fail(new Error(`${failures} tests failed`))
    })
  })
}
