/** docs/schemas is what cli/write-schemas.ts makes. Real outputs are held against the schemas by the tests of each command. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { publishedTexts } from '../src/schemas.ts'

test.each([...publishedTexts()])('%s is up to date', (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(text)
})
