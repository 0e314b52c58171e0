/** Writes docs/schemas from the zod schemas: `node cli/write-schemas.ts`. A test of cli/ says when it was forgotten. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { publishedTexts } from './src/schemas.ts'

mkdirSync('docs/schemas', { recursive: true })
for (const [path, text] of publishedTexts()) writeFileSync(path, text)
