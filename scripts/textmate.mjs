/** Writes grammar/writ.tmLanguage.json from the keyword table. Run it after changing grammar/src/keywords.ts or textmate.ts. */
import { writeFileSync } from 'node:fs'
import { textMateGrammar } from '../grammar/src/textmate.ts'

const target = new URL('../grammar/writ.tmLanguage.json', import.meta.url)
writeFileSync(target, `${JSON.stringify(textMateGrammar(), null, 2)}\n`)
