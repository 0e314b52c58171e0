/** The checker shares no running code with what it checks. */
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const files = globSync('engine/src/verify/*.ts')
const allowed = ['re2js', '@noble/hashes/sha2.js', '@noble/hashes/utils.js']

test('there is something to look at', () => expect(files.length).toBeGreaterThan(3))

test.each(files)('%s imports at run time only its neighbours and libraries of others', file => {
  const text = readFileSync(file, 'utf8')
  const statements = text.match(/^(?:import|export)\b[^;]*?\bfrom '[^']+'/gm) ?? []
  const running = statements
    .filter(statement => !/^(?:import|export) type\b/.test(statement) && !onlyTypes(statement))
    .map(statement => /from '([^']+)'/.exec(statement)?.[1] ?? '')
  expect(running.filter(name => !name.startsWith('./') && !allowed.includes(name))).toEqual([])
  expect(text).not.toMatch(/\bimport\(|\brequire\(/)
})

/** `import { type A, type B } from` runs nothing either. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/
    .exec(statement)?.[1]
    ?.split(',')
    .map(name => name.trim())
  return names?.every(name => name === '' || name.startsWith('type ')) ?? false
}
