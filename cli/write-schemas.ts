/** Writes docs/schemas from the zod schemas, and docs/contract-changes.md from the catalogue of changes: `node cli/write-schemas.ts`. A test of cli/ says when it was forgotten. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { changesPage } from './src/contract/changes-page.ts'
import { publishedTexts } from './src/schemas.ts'

mkdirSync('docs/schemas', { recursive: true })
for (const [path, text] of publishedTexts()) writeFileSync(path, text)
writeFileSync('docs/contract-changes.md', changesPage())
