/** docs/schemas is what cli/write-schemas.ts makes. Real outputs are held against the schemas by the tests of each command. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { changesPage } from '../src/contract/changes-page.ts'
import { publishedTexts } from '../src/schemas.ts'

test.each([...publishedTexts()])('%s is up to date', (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('docs/contract-changes.md is what the catalogue says', () => {
  expect(readFileSync('docs/contract-changes.md', 'utf8')).toBe(changesPage())
})
