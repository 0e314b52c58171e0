/**
 * Every capability that the server announces, tried through real messages. A capability without a case here fails the last test, so that
 * none is announced that nobody tried.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FakeClient, fakeClient, offsetOf, positionOf, root } from './fake-client.ts'

const events = `module events
/// A customer asks for money back.
contract RefundRequested version 2.1.0 {
  owner "payments"
  id: String key
  at: Time time
  customer: String personal(identifier)
  /// What is paid back.
  amount: Money<USD>
  channel: Channel
}
type Channel = enum { chat, email }
role Lead { members "ana", "bo" }
define is_small(amount: Money<USD>, limit: Money<USD>): Bool = amount <= limit
sink desk { accepts personal }
source log {
  format ndjson
  map RefundRequested { id = id }
}
sample RefundRequested { id: "r", customer: "c", amount: 1 USD, channel: chat }
`
const policy = `module refunds
use events { Lead, RefundRequested, is_small }

policy guard version 1.0.0 {
  on RefundRequested as r
  default permit
  let spent = sum(amount) of RefundRequested by customer over 24h
  rule large when r.amount > 500 USD and spent > 10 USD
    deny "{r.amount} is much"
    then open_case desk { customer: r.customer }
  rule signed when not is_small(r.amount, 50 USD) or r.channel == chat
    hold
}

test "much is denied" {
  given RefundRequested { amount: 900 USD }
  expect deny by large
}
`

interface Located {
  readonly uri: string
  readonly range: { readonly start: { readonly line: number; readonly character: number } }
}

const texts: Readonly<Record<string, string>> = { 'events.writ': events, 'refunds.writ': policy }
let client: FakeClient
beforeAll(async () => {
  client = await fakeClient({ files: texts })
  await client.open('refunds.writ', policy)
})
afterAll(async () => {
  expect(client.logged).toEqual([])
  await client.stop()
})

const document = { textDocument: { uri: `${root}refunds.writ` } }
/** `|` in the needle is the cursor. */
function at(needle: string, path = 'refunds.writ') {
  const text = texts[path] ?? ''
  const start = text.indexOf(needle.replace('|', ''))
  if (start < 0) throw new Error(`${needle} is not there`)
  return { textDocument: { uri: root + path }, position: positionOf(text, start + Math.max(0, needle.indexOf('|'))) }
}
function over(needle: string) {
  const start = policy.indexOf(needle)
  return { ...document, range: { start: positionOf(policy, start), end: positionOf(policy, start + needle.length) } }
}
/** The words that locations begin at. */
function words(found: readonly Located[]): readonly string[] {
  return found.map(({ uri, range }) => {
    const path = uri.slice(root.length)
    return `${path} ${/\S+/.exec((texts[path] ?? '').slice(offsetOf(texts[path] ?? '', range.start)))?.[0]}`
  })
}
const whole = { ...document, range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } } }

/** By the name of the capability; a dot for what it is asked about in more. */
const cases: Readonly<Record<string, () => Promise<void>>> = {
  textDocumentSync: async () => {
    await client.open('draft.writ', 'module draft\n')
    await client.edit('draft.writ', 13, 13, 'type A = B\n')
    expect((await client.pull('draft.writ')).map(({ code }) => code)).toEqual(['W0203'])
    await client.close('draft.writ')
    await expect(client.pull('draft.writ')).resolves.toEqual([])
  },
  positionEncoding: async () => {
    await client.open('wide.writ', 'module wide\n// 😀\ntype A = B // 😀 C\n')
    const [found] = await client.pull('wide.writ')
    expect(found?.range).toEqual({ start: { line: 2, character: 9 }, end: { line: 2, character: 10 } })
    await client.close('wide.writ')
  },
  diagnosticProvider: async () => {
    const first = await client.request<{ kind: string; resultId: string }>('textDocument/diagnostic', document)
    expect(first.kind).toBe('full')
    const again = { ...document, previousResultId: first.resultId }
    expect(await client.request('textDocument/diagnostic', again)).toEqual({
      kind: 'unchanged',
      resultId: first.resultId,
    })
  },
  'diagnosticProvider.workspaceDiagnostics': async () => {
    interface Report {
      readonly items: readonly { readonly uri: string; readonly kind: string; readonly resultId: string }[]
    }
    const first = await client.request<Report>('workspace/diagnostic', { previousResultIds: [] })
    expect(first.items.map(({ uri, kind }) => [uri, kind])).toEqual([
      [`${root}events.writ`, 'full'],
      [`${root}refunds.writ`, 'full'],
    ])
    const previousResultIds = first.items.map(({ uri, resultId }) => ({ uri, value: resultId }))
    const second = await client.request<Report>('workspace/diagnostic', { previousResultIds })
    expect(second.items.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged'])
  },
  hoverProvider: async () => {
    const shown = await client.request<{ contents: { value: string } }>('textDocument/hover', at('r.am|ount >'))
    expect(shown.contents.value).toBe(
      '```writ\namount: Money<USD>\n```\n\nWhat is paid back.\n\nField of `RefundRequested` 2.1.0 in `events`.  \nUnit: USD.',
    )
  },
  definitionProvider: async () => {
    expect(words(await client.request('textDocument/definition', at('r.am|ount >')))).toEqual(['events.writ amount:'])
    expect(words(await client.request('textDocument/definition', at('|spent > 10')))).toEqual(['refunds.writ spent'])
    expect(words(await client.request('textDocument/definition', at('|r.amount >')))).toEqual(['refunds.writ r'])
    expect(words(await client.request('textDocument/definition', at('== ch|at')))).toEqual(['events.writ chat,'])
    expect(words(await client.request('textDocument/definition', at('use ev|ents')))).toEqual(['events.writ events'])
    expect(words(await client.request('textDocument/definition', at('deny by la|rge')))).toEqual(['refunds.writ large'])
  },
  typeDefinitionProvider: async () => {
    expect(words(await client.request('textDocument/typeDefinition', at('r.chan|nel')))).toEqual([
      'events.writ Channel',
    ])
    expect(words(await client.request('textDocument/typeDefinition', at('|r.channel')))).toEqual([
      'events.writ RefundRequested',
    ])
  },
  implementationProvider: async () => {
    const found = await client.request<Located[]>(
      'textDocument/implementation',
      at('contract Refund|Requested', 'events.writ'),
    )
    expect(words(found)).toEqual(['events.writ RefundRequested', 'refunds.writ RefundRequested'])
  },
  referencesProvider: async () => {
    const context = { includeDeclaration: true }
    const found = await client.request<Located[]>('textDocument/references', { ...at('by custom|er'), context })
    expect(words(found)).toEqual([
      'events.writ customer:',
      'events.writ customer:',
      'refunds.writ customer',
      'refunds.writ customer',
    ])
  },
  documentHighlightProvider: async () => {
    const found = await client.request<{ kind: number }[]>('textDocument/documentHighlight', at('let sp|ent'))
    expect(found.map(({ kind }) => kind)).toEqual([3, 2])
  },
  documentSymbolProvider: async () => {
    interface Symbol {
      readonly name: string
      readonly children: readonly Symbol[]
    }
    const found = await client.request<Symbol[]>('textDocument/documentSymbol', document)
    expect(found.map(({ name, children }) => [name, children.map(child => child.name)])).toEqual([
      ['guard', ['spent', 'large', 'signed']],
      ['much is denied', []],
    ])
  },
  workspaceSymbolProvider: async () => {
    const found = await client.request<{ name: string }[]>('workspace/symbol', { query: 'lrg' })
    expect(found.map(({ name }) => name)).toEqual(['large'])
  },
  renameProvider: async () => {
    const result = await client.request<{ changes: Record<string, unknown[]> }>('textDocument/rename', {
      ...at('r.am|ount >'),
      newName: 'total',
    })
    expect(Object.entries(result.changes).map(([uri, edits]) => [uri, edits.length])).toEqual([
      [`${root}events.writ`, 3],
      [`${root}refunds.writ`, 5],
    ])
    await expect(client.request('textDocument/rename', { ...at('let sp|ent'), newName: 'when' })).rejects.toThrow(
      'meaning',
    )
  },
  'renameProvider.prepareProvider': async () => {
    expect(await client.request('textDocument/prepareRename', at('let sp|ent'))).toMatchObject({ placeholder: 'spent' })
    expect(await client.request('textDocument/prepareRename', at('|default'))).toBeNull()
  },
  semanticTokensProvider: async () => {
    const result = await client.request<{ data: number[] }>('textDocument/semanticTokens/full', document)
    expect(result.data.slice(0, 10)).toEqual([0, 7, 7, 0, 1, 1, 4, 6, 0, 0])
  },
  'semanticTokensProvider.full.delta': async () => {
    interface Tokens {
      readonly resultId: string
      readonly data: number[]
    }
    const full = await client.request<Tokens>('textDocument/semanticTokens/full', document)
    const params = { ...document, previousResultId: full.resultId }
    expect(await client.request('textDocument/semanticTokens/full/delta', params)).toMatchObject({ edits: [] })
  },
  'semanticTokensProvider.range': async () => {
    const all = await client.request<{ data: number[] }>('textDocument/semanticTokens/full', document)
    const part = await client.request<{ data: number[] }>('textDocument/semanticTokens/range', over('use events'))
    expect(part.data.length).toBeGreaterThan(0)
    expect(part.data.length).toBeLessThan(all.data.length)
  },
  foldingRangeProvider: async () => {
    const found = await client.request<{ startLine: number; endLine: number }[]>('textDocument/foldingRange', document)
    expect(found.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [3, 12],
      [7, 9],
      [10, 11],
      [14, 17],
    ])
  },
  selectionRangeProvider: async () => {
    interface Selection {
      readonly range: { readonly start: { readonly line: number; readonly character: number } }
      readonly parent?: Selection
    }
    const { textDocument, position } = at('r.am|ount >')
    const [first] = await client.request<Selection[]>('textDocument/selectionRange', {
      textDocument,
      positions: [position],
    })
    const starts: number[] = []
    for (let each = first; each; each = each.parent) starts.push(offsetOf(policy, each.range.start))
    expect(starts.map(start => policy.slice(start, start + 4))).toEqual([
      'amou',
      'r.am',
      'r.am',
      'r.am',
      'rule',
      'poli',
      'modu',
    ])
  },
  documentLinkProvider: async () => {
    const found = await client.request<{ target: string }[]>('textDocument/documentLink', document)
    expect(found.map(({ target }) => target)).toEqual([`${root}events.writ`])
  },
  linkedEditingRangeProvider: async () => {
    expect(await client.request('textDocument/linkedEditingRange', at('let sp|ent'))).toMatchObject({
      ranges: [{}, {}],
    })
    expect(await client.request('textDocument/linkedEditingRange', at('rule la|rge'))).toBeNull()
  },
  inlayHintProvider: async () => {
    const found = await client.request<{ label: string }[]>('textDocument/inlayHint', whole)
    expect(found.map(({ label }) => label)).toEqual([': Money<USD>', 'limit:'])
  },
  inlineValueProvider: async () => {
    const params = {
      ...over('rule large when r.amount > 500 USD and spent > 10 USD'),
      context: { frameId: 1, stoppedLocation: whole.range },
    }
    const found = await client.request<{ expression: string }[]>('textDocument/inlineValue', params)
    expect(found.map(({ expression }) => expression)).toEqual(['r.amount', 'spent'])
  },
  callHierarchyProvider: async () => {
    const [event] = await client.request<object[]>('textDocument/prepareCallHierarchy', at('on Refund|Requested'))
    const outgoing = await client.request<{ to: { name: string } }[]>('callHierarchy/outgoingCalls', { item: event })
    expect(outgoing.map(({ to }) => to.name)).toEqual(['large', 'signed'])
    const incoming = await client.request<{ from: { name: string } }[]>('callHierarchy/incomingCalls', { item: event })
    expect(incoming.map(({ from }) => from.name)).toEqual(['log'])
    const next = await client.request<{ to: { name: string } }[]>('callHierarchy/outgoingCalls', {
      item: outgoing[0]?.to,
    })
    expect(next.map(({ to }) => to.name)).toEqual(['desk'])
  },
  codeLensProvider: async () => {
    const found = await client.request<{ command?: { title: string } }[]>('textDocument/codeLens', document)
    // Nothing names the policy.
    expect(found.map(({ command }) => command?.title)).toEqual(['Run test'])
  },
  'codeLensProvider.resolveProvider': async () => {
    const { textDocument } = at('contract', 'events.writ')
    const [lens] = await client.request<object[]>('textDocument/codeLens', { textDocument })
    expect(await client.request('codeLens/resolve', lens)).toMatchObject({ command: { title: '6 references' } })
  },
  completionProvider: async () => {
    const found = await client.request<{ label: string }[]>('textDocument/completion', at('r.|amount >'))
    expect(found.map(({ label }) => label)).toEqual(['id', 'at', 'customer', 'amount', 'channel'])
  },
  'completionProvider.resolveProvider': async () => {
    const found = await client.request<{ label: string }[]>('textDocument/completion', at('r.|amount >'))
    const amount = found.find(({ label }) => label === 'amount')
    const resolved = await client.request<{ documentation: { value: string } }>('completionItem/resolve', amount)
    expect(resolved.documentation.value).toContain('What is paid back.')
  },
  signatureHelpProvider: async () => {
    const help = await client.request('textDocument/signatureHelp', at('is_small(r.amount, |50'))
    expect(help).toMatchObject({
      signatures: [{ label: 'is_small(amount: Money<USD>, limit: Money<USD>): Bool' }],
      activeParameter: 1,
    })
  },
  documentFormattingProvider: async () => {
    await client.open('loose.writ', 'module   loose\n')
    const edits = await client.request('textDocument/formatting', {
      textDocument: { uri: `${root}loose.writ` },
      options: { tabSize: 2, insertSpaces: true },
    })
    expect(edits).toEqual([
      { range: { start: { line: 0, character: 7 }, end: { line: 0, character: 9 } }, newText: '' },
    ])
    await client.close('loose.writ')
  },
  documentRangeFormattingProvider: async () => {
    expect(await client.request('textDocument/rangeFormatting', over('  default permit'))).toHaveLength(1)
  },
  documentOnTypeFormattingProvider: async () => {
    await client.open('typed.writ', 'module typed\nrole Lead {\nmembers "ana" }\n')
    const { textDocument } = { textDocument: { uri: `${root}typed.writ` } }
    const closing = await client.request('textDocument/onTypeFormatting', {
      textDocument,
      position: { line: 2, character: 15 },
      ch: '}',
    })
    expect(closing).toHaveLength(1)
    const line = { textDocument, position: { line: 2, character: 0 }, ch: '\n' }
    expect(await client.request('textDocument/onTypeFormatting', line)).toMatchObject([{ newText: '  ' }])
    await client.close('typed.writ')
  },
  codeActionProvider: async () => {
    const params = { ...over('r.amount > 500 USD'), context: { diagnostics: [] } }
    const found = await client.request<{ title: string; kind: string }[]>('textDocument/codeAction', params)
    expect(found.map(({ title }) => title)).toEqual(['Extract into let value', 'Extract into define extracted'])
    const organise = { ...whole, context: { diagnostics: [], only: ['source.organizeImports'] } }
    expect(await client.request('textDocument/codeAction', organise)).toMatchObject([{ title: 'Organise uses' }])
  },
  'workspace.workspaceFolders': async () => {
    const other = await fakeClient({ files: { 'a/x.writ': 'module x\ntype A = B\n' } })
    expect((await other.pull('a/x.writ')).length).toBe(1)
    await other.notify('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ uri: `${root}a`, name: 'a' }], removed: [{ uri: root, name: 'w' }] },
    })
    expect((await other.pull('a/x.writ')).length).toBe(1)
    await other.stop()
  },
  'workspace.fileOperations': async () => {
    const files = [{ oldUri: `${root}events.writ`, newUri: `${root}happened.writ` }]
    const result = await client.request<{ changes: Record<string, { newText: string }[]> }>(
      'workspace/willRenameFiles',
      { files },
    )
    expect(
      Object.values(result.changes)
        .flat()
        .map(({ newText }) => newText),
    ).toEqual(['happened', 'happened'])
  },
}

describe('every capability', () => {
  test.each(Object.entries(cases))('%s', (_, run) => run())
})

test('none is announced without a case', () => {
  const { capabilities } = client
  const named = Object.keys(capabilities).flatMap(name =>
    name === 'workspace' ? Object.keys(capabilities.workspace ?? {}).map(each => `workspace.${each}`) : [name],
  )
  expect(named.filter(name => !(name in cases))).toEqual([])
  // What a capability announces in more than its name.
  const parts = [
    'diagnosticProvider.workspaceDiagnostics',
    'semanticTokensProvider.range',
    'semanticTokensProvider.full.delta',
    'codeLensProvider.resolveProvider',
    'completionProvider.resolveProvider',
    'renameProvider.prepareProvider',
  ]
  expect(flags(capabilities).filter(flag => !parts.includes(flag))).toEqual([])
  expect(parts.filter(part => !(part in cases))).toEqual([])
})

/** Paths of what is announced as true below a capability, but for what says how and not what. */
function flags(capabilities: object): readonly string[] {
  const found: string[] = []
  const visit = (value: unknown, path: string) => {
    if (value === true && path.includes('.')) found.push(path)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`)
  }
  visit(capabilities, '')
  return found.filter(path => !/^(?:textDocumentSync|workspace)\.|interFileDependencies$/.test(path))
}

test('problems are sent to a client that does not ask', async () => {
  const pushed = await fakeClient({ files: texts, capabilities: {} })
  expect(pushed.capabilities.diagnosticProvider).toBeUndefined()
  await pushed.open('refunds.writ', policy)
  const start = policy.indexOf('500 USD')
  await pushed.edit('refunds.writ', start, start + 7, 'nothing')
  expect(await pushed.sentCodes('refunds.writ', codes => codes.includes('W0203'))).toEqual(['W0207', 'W0203'])
  await pushed.edit('refunds.writ', start, start + 7, '500 USD')
  expect(await pushed.sentCodes('refunds.writ', codes => !codes.includes('W0203'))).toEqual(['W0207'])
  await pushed.stop()
})

test('a request that is cancelled is not worked out', async () => {
  const { CancellationTokenSource } = await import('vscode-languageserver/node')
  const source = new CancellationTokenSource()
  const asked = client.connection.sendRequest('textDocument/hover', at('r.am|ount >'), source.token)
  source.cancel()
  await expect(asked).rejects.toMatchObject({ code: -32800 })
})

test('tests are found and run', async () => {
  const found = await client.request<{ title: string }[]>('writ/tests', {})
  expect(found.map(({ title }) => title)).toEqual(['much is denied'])
  const outcomes = await client.request<{ passed: boolean }[]>('writ/runTests', { uri: `${root}refunds.writ` })
  expect(outcomes).toMatchObject([{ title: 'much is denied', passed: true }])
})
