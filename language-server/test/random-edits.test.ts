/**
 * Random editing: files are opened, changed, closed and renamed in any order; after each sequence the workspace says exactly what a
 * fresh one says of the same texts, and no feature throws on the way. WRIT_EDITS sets the number of sequences (10,000 for the long run),
 * WRIT_SEED the first seed; a failure names its own.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { prepareCallHierarchy } from '../src/service/call-hierarchy.ts'
import { codeActions } from '../src/service/code-actions.ts'
import { completion } from '../src/service/completion/completion.ts'
import { definition, highlights, implementation, references, typeDefinition } from '../src/service/definition.ts'
import { diagnostics } from '../src/service/diagnostics.ts'
import { formatting, onTypeFormatting } from '../src/service/formatting.ts'
import { codeLenses, inlayHints, inlineValues } from '../src/service/hints.ts'
import { hover } from '../src/service/hover.ts'
import { documentLinks, foldingRanges, linkedEditing, selectionRanges } from '../src/service/ranges.ts'
import { prepareRename, rename } from '../src/service/rename.ts'
import { semanticTokens } from '../src/service/semantic-tokens.ts'
import { signatureHelp } from '../src/service/signature-help.ts'
import { documentSymbols, workspaceSymbols } from '../src/service/symbols.ts'
import { linesOf, type Snapshot } from '../src/workspace/snapshot.ts'
import { Workspace } from '../src/workspace/workspace.ts'

const sequences = Number(process.env.WRIT_EDITS ?? 150)
const firstSeed = Number(process.env.WRIT_SEED ?? 1)
const folder = new URL('../../samples/refunds/', import.meta.url)
const texts = readdirSync(folder)
  .filter(name => name.endsWith('.writ'))
  .map(name => readFileSync(new URL(name, folder), 'utf8'))
texts.push('module small\ncontract A version 1.0.0 { id: String key  kind: enum { x, y } }\n')
texts.push(
  'module user\nuse small { A }\npolicy p version 1.0.0 {\n  on A as a\n  default deny\n  let k = a.kind\n  rule r when k == x permit\n}\n',
)

/** What is typed: words that begin and end things, and nonsense. */
const pieces = [
  ' ',
  '\n',
  '{',
  '}',
  '(',
  ')',
  '"',
  '//',
  '/*',
  '.',
  ',',
  ':',
  '=',
  ' and ',
  ' or ',
  'a',
  'x',
  '5 USD',
  'rule r deny',
  'let a = ',
  'policy q { default deny }\n',
  'use small { A }\n',
  'module m\n',
  '😀',
  '\r\n',
  ' as ',
  '?? 0',
  'by id over 1h',
]

const root = 'memory:/w/'

function randomOf(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0
  return below => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x9e37_79b9) >>> 0
    return (state >>> 4) % below
  }
}

test(`${sequences} random sequences from seed ${firstSeed}`, () => {
  for (let seed = firstSeed; seed < firstSeed + sequences; seed++) {
    try {
      sequence(seed)
    } catch (error) {
      throw new Error(`WRIT_SEED=${seed}: ${error instanceof Error ? error.stack : error}`)
    }
  }
}, 3_600_000)

function sequence(seed: number): void {
  const random = randomOf(seed)
  const workspace = new Workspace()
  workspace.setFolders([root])
  const open = new Map<string, string>()
  const disk = new Map<string, string>()
  for (let file = 0; file < 2 + random(2); file++) put(`f${file}.writ`, texts[random(texts.length)] ?? '')
  const steps = 3 + random(8)
  for (let step = 0; step < steps; step++) act(step)
  const place = workspace.find(root + ([...disk.keys()][0] ?? ''))
  if (place) expectFresh(place.snapshot, open, disk)

  function put(path: string, text: string): void {
    disk.set(path, text)
    workspace.setFile(root + path, text)
  }
  function act(step: number): void {
    const paths = [...new Set([...disk.keys(), ...open.keys()])]
    const path = paths[random(paths.length)] ?? 'f0.writ'
    switch (random(12)) {
      case 0:
        if (open.has(path)) {
          open.delete(path)
          workspace.close(root + path, disk.get(path) ?? null)
        }
        return
      case 1: {
        // Renamed on disk: the old file goes, the new one comes.
        const text = disk.get(path)
        if (text === undefined || open.has(path)) return
        disk.delete(path)
        workspace.setFile(root + path, null)
        put(`f${step + 10}.writ`, text)
        return
      }
      case 2:
        put(path, texts[random(texts.length)] ?? '')
        return
      default:
        edit(path)
        if (random(3) === 0) askAll(workspace, path, random)
    }
  }
  function edit(path: string): void {
    if (!open.has(path)) {
      open.set(path, disk.get(path) ?? '')
      workspace.open(root + path, 1, open.get(path) ?? '')
    }
    const before = open.get(path) ?? ''
    const start = random(before.length + 1)
    const end = Math.min(before.length, start + (random(3) === 0 ? random(40) : 0))
    const text = random(4) === 0 ? '' : (pieces[random(pieces.length)] ?? '')
    const place = workspace.find(root + path)
    const at = (offset: number) => {
      const { line, column } = place ? linesOf(place.file).position(offset) : { line: 0, column: 0 }
      return { line, character: column }
    }
    // As an editor counts, no position is inside of a line end.
    const [from, to] = [at(start), at(end)]
    const offset = (position: { line: number; character: number }) =>
      place ? linesOf(place.file).offset(position.line, position.character) : 0
    open.set(path, before.slice(0, offset(from)) + text + before.slice(Math.max(offset(from), offset(to))))
    workspace.change(root + path, 2, [{ text, range: { start: from, end: to } }])
    expect(workspace.textOf(root + path)).toBe(open.get(path))
  }
}

/** Nothing of what an editor asks throws, wherever the cursor is. */
function askAll(workspace: Workspace, path: string, random: (below: number) => number): void {
  const place = workspace.find(root + path)
  if (!place) return
  const { snapshot, file } = place
  const { line, column } = linesOf(file).position(random(file.text.length + 1))
  const position = { line, character: column }
  const range = { start: position, end: { line: line + 3, character: 0 } }
  hover(snapshot, path, position)
  definition(snapshot, path, position)
  typeDefinition(snapshot, path, position)
  implementation(snapshot, path, position)
  references(snapshot, path, position, true)
  highlights(snapshot, path, position)
  completion(snapshot, path, position)
  signatureHelp(snapshot, path, position)
  linkedEditing(snapshot, path, position)
  selectionRanges(snapshot, path, [position])
  prepareCallHierarchy(snapshot, path, position)
  prepareRename(snapshot, path, position)
  rename(snapshot, path, position, 'renamed_name')
  codeActions(snapshot, path, range, null)
  codeActions(snapshot, path, range, ['source'])
  inlayHints(snapshot, path, range)
  inlineValues(snapshot, path, range)
  onTypeFormatting(snapshot, path, position, '}')
  onTypeFormatting(snapshot, path, position, '\n')
  formatting(snapshot, path)
  codeLenses(snapshot, path, 'run')
  documentSymbols(snapshot, path)
  workspaceSymbols(snapshot, 'a')
  foldingRanges(snapshot, path)
  documentLinks(snapshot, path)
  semanticTokens(snapshot, path)
}

function expectFresh(snapshot: Snapshot, open: ReadonlyMap<string, string>, disk: ReadonlyMap<string, string>): void {
  const fresh = new Workspace()
  fresh.setFolders([root])
  for (const [path, text] of disk) fresh.setFile(root + path, text)
  for (const [path, text] of open) fresh.open(root + path, 1, text)
  for (const path of snapshot.files.keys()) {
    const there = fresh.find(root + path)
    if (!there) throw new Error(`${path} is not in the fresh workspace`)
    expect(diagnostics(snapshot, path)).toEqual(diagnostics(there.snapshot, path))
    expect(semanticTokens(snapshot, path)).toEqual(semanticTokens(there.snapshot, path))
  }
  expect([...snapshot.files.keys()].sort()).toEqual([...(fresh.snapshots()[0]?.files.keys() ?? [])].sort())
}
