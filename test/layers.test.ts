/**
 * The house as a test: imports go one way only, there are no circles between files (type imports included), and each third-party
 * package is known in one place only. Reads imports as text; what it cannot see (a computed import) is not allowed either.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** A package may import those to its left. */
const layers: Readonly<Record<string, readonly string[]>> = {
  grammar: [],
  engine: ['grammar'],
  ledger: ['grammar', 'engine'],
  'language-server': ['grammar', 'engine', 'ledger'],
  extension: ['grammar', 'engine', 'ledger', 'language-server'],
  cli: ['grammar', 'engine', 'ledger'],
}
/** Which folder alone may import what from outside. */
const only: readonly { readonly package: RegExp; readonly in: RegExp }[] = [
  { package: /^chevrotain$/, in: /^grammar\/src\/parser\// },
  { package: /^moment-timezone/, in: /^engine\/src\/zone\// },
  { package: /^better-sqlite3$/, in: /^ledger\/src\/store\// },
  { package: /^vscode-languageserver(?!-types)/, in: /^language-server\/src\/transport\// },
  { package: /^yaml$/, in: /^ledger\/src\/contracts\// },
  { package: /^vscode$/, in: /^extension\/src\// },
  { package: /^electron$/, in: /^desktop\/src\/(main|preload)\// },
  {
    package: /^node:/,
    in: /^(ledger\/src\/(node|store)\/|cli\/src\/|desktop\/|extension\/|language-server\/src\/transport\/)/,
  },
]

const files = Object.keys(layers)
  .flatMap(layer => globSync(`${layer}/src/**/*.ts`))
  .map(file => file.replaceAll('\\', '/'))
  .sort()
const importsOf = new Map(files.map(file => [file, readImports(readFileSync(file, 'utf8'))]))

describe('layers', () => {
  test('there is something to look at', () => expect(files.length).toBeGreaterThan(40))

  test.each(files)('%s imports only what its layer may', file => {
    const layer = file.split('/')[0] ?? ''
    const wrong = (importsOf.get(file) ?? []).filter(name => {
      if (name.startsWith('.')) return !normalize(join(dirname(file), name)).startsWith(`${layer}/`)
      const own = /^@writ\/([a-z-]+)/.exec(name)?.[1]
      if (own !== undefined) return !layers[layer]?.includes(own)
      return only.some(rule => rule.package.test(name) && !rule.in.test(file))
    })
    expect(wrong).toEqual([])
  })

  test('no circle between files', () => {
    const edges = new Map(files.map(file => [file, inner(file)]))
    const state = new Map<string, 'open' | 'done'>()
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return
      if (state.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
        return
      }
      state.set(file, 'open')
      for (const next of edges.get(file) ?? []) visit(next, [...path, file])
      state.set(file, 'done')
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  test('the checker of explanations shares no code with the engine', () => {
    const wrong = files
      .filter(file => file.startsWith('engine/src/verify/'))
      .flatMap(file => readImports(readFileSync(file, 'utf8'), 'values').map(name => [file, name] as const))
      .filter(([, name]) => name.startsWith('@writ/') || (name.startsWith('../') && !name.startsWith('./')))
    expect(wrong).toEqual([])
  })
})

describe('packages without side effects', () => {
  const pure = files.filter(file => /^(grammar|engine)\/src\//.test(file))
  const forbidden =
    /\b(?:Date\.now|new Date\(\)|Math\.random|performance\.now|setTimeout|setInterval|fetch\(|process\.|toLocale\w*\(|Intl\.)/
  test.each(pure)('%s uses no clock, chance, locale or process', file => {
    const lines = readFileSync(file, 'utf8').split('\n')
    const hits = lines.filter(line => forbidden.test(line) && !/^\s*(?:\*|\/\/)/.test(line))
    expect(hits).toEqual([])
  })
})

/** Specifiers of static and dynamic imports and re-exports; 'values' leaves out those that are types only. */
function readImports(text: string, which: 'all' | 'values' = 'all'): string[] {
  const found: string[] = []
  for (const match of text.matchAll(/^(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)) {
    if (match[3] !== undefined && (which === 'all' || match[2] === undefined)) found.push(match[3])
  }
  for (const match of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) if (match[1] !== undefined) found.push(match[1])
  return found
}

function inner(file: string): string[] {
  return (importsOf.get(file) ?? [])
    .filter(name => name.startsWith('.'))
    .map(name => normalize(join(dirname(file), name)))
}
