/**
 * Renaming everything that the samples declare, one name at a time: the program stays free of errors, every occurrence has the new
 * name, and renaming back gives the texts as they were (but for the lines that a `map` gains so that it reads what it read before).
 * Some of the names of each sample, evenly; WRIT_RENAMES sets how many at most (1,000 is all of them).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { occurrencesOf } from '../src/names/occurrences.ts'
import { surroundingsOf } from '../src/names/surroundings.ts'
import { errorCount } from '../src/service/attempt.ts'
import { rename } from '../src/service/rename.ts'
import { rangeOf, type Snapshot } from '../src/workspace/snapshot.ts'
import { Workspace } from '../src/workspace/workspace.ts'
import { after } from './marked.ts'

const folder = new URL('../../samples/', import.meta.url)
const samples = readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
  if (!entry.isDirectory()) return []
  const files = readdirSync(new URL(`${entry.name}/`, folder)).filter(name => name.endsWith('.writ'))
  const texts = files.map(name => [name, readFileSync(new URL(`${entry.name}/${name}`, folder), 'utf8')] as const)
  return files.length > 0 ? [[entry.name, new Map(texts)] as const] : []
})
const root = 'memory:/w/'
const most = Number(process.env.WRIT_RENAMES ?? 15)
const fixed: ReadonlySet<string> = new Set(['function', 'basic-type', 'class'])

function opened(texts: ReadonlyMap<string, string>): Snapshot {
  const workspace = new Workspace()
  workspace.setFolders([root])
  for (const [path, text] of texts) workspace.setFile(root + path, text)
  const [snapshot] = workspace.snapshots()
  if (!snapshot) throw new Error('there is a file')
  return snapshot
}

/** Each symbol once, where it is declared. */
function declaredNames(snapshot: Snapshot) {
  const around = surroundingsOf(snapshot)
  const seen = new Set<string>()
  return around.units.flatMap(unit => {
    const path = around.pathOf(unit)
    const file = snapshot.files.get(path)
    if (!file) return []
    return occurrencesOf(snapshot, unit).flatMap(occurrence => {
      const [symbol] = occurrence.symbols
      if (!occurrence.declares || !symbol || fixed.has(symbol.kind) || seen.has(symbol.key)) return []
      seen.add(symbol.key)
      return [{ unit, path, file, occurrence }]
    })
  })
}

describe('names of', () => {
  test.each(samples)('%s', (_, texts) => {
    const snapshot = opened(texts)
    expect(errorCount(snapshot)).toBe(0)
    const wrong: string[] = []
    const all = declaredNames(snapshot)
    const step = Math.max(1, Math.ceil(all.length / most))
    for (const { unit, path, file, occurrence } of all.filter((_, index) => index % step === 0)) {
      const { start, end, text, symbols } = occurrence
      const [symbol] = symbols
      if (!symbol) continue
      const span = { start: unit.placed.start + start, end: unit.placed.start + end }
      const { start: position } = rangeOf(file, span)
      const edit = rename(snapshot, path, position, 'renamed_here')
      if (typeof edit === 'string') {
        wrong.push(`${symbol.kind} ${text}: ${edit}`)
        continue
      }
      const changed = new Map([...texts, ...Object.entries(after(snapshot, edit))])
      const next = opened(changed)
      if (errorCount(next) > 0) wrong.push(`${symbol.kind} ${text}: ${next.checked.problems[0]?.message}`)
      if (symbol.kind === 'field') continue
      const back = rename(next, path, position, text)
      const again = typeof back === 'string' ? back : after(next, back)
      for (const [name, was] of texts)
        if (typeof again === 'string' || (again[name] ?? changed.get(name)) !== was)
          wrong.push(`${symbol.kind} ${text} and back: ${typeof again === 'string' ? again : name}`)
    }
    expect(wrong).toEqual([])
    expect(all.length).toBeGreaterThan(20)
  })
})
