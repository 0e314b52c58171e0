/** The committed history in the editor: a real server process over a folder in git; and where problems stand after edits. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { committed, historyProblems, versionsOf } from '@writ/engine'
import { parse } from '@writ/grammar'
import { expect, onTestFinished, test } from 'vitest'
import {
  createMessageConnection,
  type Diagnostic,
  type Hover,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import { codeActions } from '../src/service/code-actions.ts'
import { diagnostics } from '../src/service/diagnostics.ts'
import { hover } from '../src/service/hover.ts'
import { Workspace } from '../src/workspace/workspace.ts'
import { positionOf } from './fake-client.ts'

const contract = (version: string, field = ''): string =>
  `contract Paid version ${version} {\n  id: String key\n  at: Time time\n  amount: Int\n${field}  compatibility backward\n}\n`
const policy = (limit: number): string =>
  `policy p version 1.0.0 {\n  on Paid as q\n  default permit\n  rule big when q.amount > ${limit} deny "big"\n}\n`

/** A workspace held against earlier texts of its file. */
function judged(before: readonly string[], now: string) {
  const workspace = new Workspace()
  workspace.setFolders(['memory:/w/'])
  workspace.open('memory:/w/a.writ', 1, now)
  const place = workspace.find('memory:/w/a.writ')
  if (!place) throw new Error('the file is open')
  const states = before.map((text, i) => ({
    label: `c${i}`,
    date: `2026-01-0${i + 1}`,
    files: [parse('a.writ', text)],
  }))
  const history = committed(states)
  if (history === null) throw new Error('the earlier texts have errors')
  const { files } = place.snapshot
  const problems = historyProblems([...files.values()], place.snapshot.checked.plan, history)
  workspace.setHistory(place.snapshot.root, { files, problems, versions: versionsOf(states, history) })
  return {
    workspace,
    snapshot: () => workspace.snapshots()[0] ?? place.snapshot,
    text: () => workspace.textOf('memory:/w/a.writ') ?? '',
  }
}

const head = 'module m\n'

test('hover tells the numbers that a contract and a policy had', () => {
  const first = head + contract('1.0.0') + policy(5)
  const now = head + contract('1.1.0', '  note: String?\n') + policy(5)
  const { snapshot, text } = judged([first, now], now)
  const at = (word: string): string =>
    JSON.stringify(hover(snapshot(), 'a.writ', positionOf(text(), text().indexOf(word)))?.contents)
  expect(at('Paid version')).toContain('- 1.1.0 since c1, 2026-01-02: ')
  expect(at('Paid version')).toContain('- 1.0.0 since c0, 2026-01-01\\n')
  expect(at('p version')).toContain('- 1.0.0 since c0')
})

test('a number that was not raised is a problem with a quick fix, which moves with its declaration', () => {
  const { workspace, snapshot, text } = judged(
    [head + contract('1.0.0') + policy(5)],
    head + contract('1.0.0') + policy(6),
  )
  const found = () => diagnostics(snapshot(), 'a.writ').filter(({ code }) => code === 'W0654')
  const fixes = () => found().flatMap(({ range }) => codeActions(snapshot(), 'a.writ', range, ['quickfix']))
  const shown = ({ range: { start, end } }: Diagnostic) =>
    text().split('\n')[start.line]?.slice(start.character, end.character)
  expect(found().map(shown)).toEqual(['1.0.0'])
  expect(fixes().map(({ title }) => title)).toEqual(['Raise the version to 1.1.0'])

  workspace.change('memory:/w/a.writ', 2, [{ text: text().replace(head, `${head}\n// more above\n`) }])
  expect(found().map(shown)).toEqual(['1.0.0'])
  expect(fixes()[0]?.edit?.changes?.['memory:/w/a.writ']?.[0]).toMatchObject({
    newText: '1.1.0',
    range: found()[0]?.range,
  })

  // Its text is another now: what the fix would change is not known before the next judgement.
  workspace.change('memory:/w/a.writ', 3, [{ text: text().replace('> 6', '> 67') }])
  expect(found().map(shown)).toEqual(['1.0.0'])
  expect(fixes()).toEqual([])

  workspace.change('memory:/w/a.writ', 4, [{ text: head + contract('1.0.0') }])
  expect(found()).toEqual([])
})

test('the fixes of all problems of the history lead to a text that has none', () => {
  const before = head + contract('1.0.0', '  note: String?\n') + policy(5)
  const cases: Readonly<Record<string, string>> = {
    W0651: head + contract('1.0.0', '  note: String?\n  more: String?\n') + policy(5),
    W0654: head + contract('1.0.0', '  note: String?\n') + policy(6),
  }
  for (const [code, text] of Object.entries(cases)) {
    const { workspace, snapshot } = judged([before], text)
    const [found] = diagnostics(snapshot(), 'a.writ').filter(each => each.code === code)
    if (!found) throw new Error(`${code} is not found`)
    const edits = codeActions(snapshot(), 'a.writ', found.range, ['quickfix'])[0]?.edit?.changes?.['memory:/w/a.writ']
    for (const edit of edits ?? []) workspace.change('memory:/w/a.writ', 2, [{ range: edit.range, text: edit.newText }])
    const fixed = judged([before], workspace.textOf('memory:/w/a.writ') ?? '')
    expect(diagnostics(fixed.snapshot(), 'a.writ').map(each => each.code)).toEqual([])
  }
})

test('a server in a folder of git sends the problems, and takes them back', { timeout: 60_000 }, async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'writ-history-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder })
  let text = head + contract('1.0.0') + policy(5)
  writeFileSync(join(folder, 'a.writ'), text)
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'one')
  const server = spawn(process.execPath, ['language-server/src/transport/node.ts', '--stdio'], { stdio: 'pipe' })
  onTestFinished(() => void server.kill())
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  )
  let codes: readonly unknown[] = []
  let wake = (): void => undefined
  connection.onNotification('textDocument/publishDiagnostics', ({ diagnostics }: { diagnostics: Diagnostic[] }) => {
    codes = diagnostics.map(({ code }) => code)
    wake()
  })
  connection.onUnhandledNotification(() => undefined)
  connection.listen()
  const until = async (wanted: () => boolean): Promise<void> => {
    while (!wanted()) await new Promise<void>(done => (wake = done))
  }
  const rootUri = pathToFileURL(folder).href
  const uri = `${rootUri}/a.writ`
  await connection.sendRequest('initialize', { processId: null, rootUri, capabilities: {} })
  await connection.sendNotification('initialized', {})
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'writ', version: 1, text },
  })
  const change = (next: string, version: number) => {
    text = next
    return connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    })
  }
  await change(text.replace('> 5', '> 6').replace('  amount: Int\n', ''), 2)
  await change(text.replace('> 6', '> 7').replace('  at: Time', '  amount: Decimal\n  at: Time'), 3)
  await until(() => codes.includes('W0654'))
  const shown: Hover = await connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: positionOf(text, text.indexOf('p version')),
  })
  expect(JSON.stringify(shown)).toContain('1.0.0 since HEAD')
  await change(head + contract('1.0.0') + policy(5), 4)
  await until(() => codes.length === 0)
})
