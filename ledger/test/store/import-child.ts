/** A process that imports and can be killed: `node import-child.ts STORE SOURCE …`. Prints a line at each step. */
import { writeSync } from 'node:fs'
import { basename } from 'node:path'
import { importInto } from '@writ/ledger/store'

const [store = '', ...sources] = process.argv.slice(2)
await importInto({
  store,
  shown: basename(store),
  sources: sources.map(path => ({ name: basename(path), path })),
  blocksPerTransaction: 1,
  onProgress: ({ phase }) => void writeSync(1, `${phase}\n`),
})
writeSync(1, 'done\n')
