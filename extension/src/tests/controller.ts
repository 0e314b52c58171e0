/** The tests of `.writ` files in VS Code's test explorer: found by the server, run there, once or after every edit. */
import {
  type RunTestsParams,
  type RunTestsResult,
  runTestsRequest,
  type TestLocation,
  type TestsParams,
  type TestsResult,
  testsChangedNotification,
  testsRequest,
} from '@writ/language-server/messages'
import {
  type CancellationToken,
  Disposable,
  Location,
  type TestController,
  type TestItem,
  TestMessage,
  type TestRun,
  TestRunProfileKind,
  type TestRunRequest,
  tests,
  Uri,
  workspace,
} from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { debugTest } from '../debug/debugging.ts'
import { toRange } from '../positions.ts'
import { addCoverageOf, detailsOf } from './coverage.ts'

export function showTests(client: BaseLanguageClient): Disposable {
  const controller = tests.createTestController('writ', 'Writ')
  const follow = async (params: TestsParams): Promise<void> => {
    const found: TestsResult = await client.sendRequest(testsRequest, params)
    const byFile = new Map<string, TestLocation[]>()
    for (const test of found) byFile.set(test.uri, [...(byFile.get(test.uri) ?? []), test])
    if (params.uri !== undefined && !byFile.has(params.uri)) controller.items.delete(params.uri)
    for (const [uri, own] of byFile) setFile(controller, uri, own)
  }
  controller.resolveHandler = item => (item === undefined ? follow({}) : undefined)
  controller.refreshHandler = () => follow({})
  const always = new Set<TestRunRequest>()
  const runOnce = (request: TestRunRequest, token: CancellationToken) => run(client, controller, request, token)
  const profile = controller.createRunProfile(
    'Run',
    TestRunProfileKind.Run,
    async (request, token) => {
      await runOnce(request, token)
      if (request.continuous !== true) return
      always.add(request)
      token.onCancellationRequested(() => always.delete(request))
    },
    true,
    undefined,
    true,
  )
  const debugProfile = controller.createRunProfile('Debug', TestRunProfileKind.Debug, async ({ include, exclude }) => {
    const [one] = [...chosen(controller, include, exclude ?? []).values()].flatMap(items => [...items.values()])
    // One session at a time: the first of those that are chosen.
    if (one?.uri) await debugTest(one.uri, one.id)
  })
  const coverageProfile = controller.createRunProfile('Coverage', TestRunProfileKind.Coverage, (request, token) =>
    run(client, controller, request, token, testRun =>
      addCoverageOf(client, testRun, chosen(controller, request.include, request.exclude ?? [])),
    ),
  )
  coverageProfile.loadDetailedCoverage = async (_, coverage) => detailsOf(coverage)
  const again = debounced(() => {
    for (const request of always)
      void runOnce(request, {
        isCancellationRequested: false,
        onCancellationRequested: () => new Disposable(() => undefined),
      })
  })
  return Disposable.from(
    controller,
    profile,
    debugProfile,
    coverageProfile,
    again,
    client.onNotification(testsChangedNotification, ({ uris }: { readonly uris: readonly string[] }) => {
      for (const uri of uris) void follow({ uri })
    }),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === 'writ') again.call()
    }),
  )
}

function setFile(controller: TestController, uri: string, own: readonly TestLocation[]): void {
  const file =
    controller.items.get(uri) ??
    controller.createTestItem(uri, workspace.asRelativePath(Uri.parse(uri)), Uri.parse(uri))
  controller.items.add(file)
  file.children.replace(
    own.map(test => {
      const item = file.children.get(test.title) ?? controller.createTestItem(test.title, test.title, Uri.parse(uri))
      item.range = toRange(test.range)
      return item
    }),
  )
}

async function run(
  client: BaseLanguageClient,
  controller: TestController,
  request: TestRunRequest,
  token: CancellationToken,
  atEnd: (testRun: TestRun) => Promise<void> = async () => undefined,
): Promise<void> {
  const wanted = chosen(controller, request.include, request.exclude ?? [])
  const testRun = controller.createTestRun(request)
  try {
    for (const [uri, items] of wanted) {
      if (token.isCancellationRequested) break
      for (const item of items.values()) testRun.started(item)
      const params: RunTestsParams = { uri, titles: [...items.keys()] }
      const outcomes: RunTestsResult = await client.sendRequest(runTestsRequest, params)
      for (const [title, item] of items) {
        const outcome = outcomes?.find(one => one.title === title)
        if (outcomes === null)
          testRun.errored(
            item,
            new TestMessage('The program has errors, so that no test can run. See the Problems view.'),
          )
        else if (outcome === undefined) testRun.skipped(item)
        else if (outcome.passed) testRun.passed(item)
        else
          testRun.failed(
            item,
            outcome.failures.map(({ range, message }) => {
              const told = new TestMessage(message)
              told.location = new Location(Uri.parse(uri), toRange(range))
              return told
            }),
          )
      }
    }
    await atEnd(testRun)
  } finally {
    testRun.end()
  }
}

/** Tests by their file and title; all of them where none are included. */
function chosen(
  controller: TestController,
  include: readonly TestItem[] | undefined,
  exclude: readonly TestItem[],
): ReadonlyMap<string, ReadonlyMap<string, TestItem>> {
  const wanted = new Map<string, Map<string, TestItem>>()
  const excluded = new Set(exclude)
  const add = (item: TestItem): void => {
    if (excluded.has(item)) return
    if (item.parent === undefined) item.children.forEach(add)
    else wanted.set(item.parent.id, (wanted.get(item.parent.id) ?? new Map()).set(item.id, item))
  }
  if (include) include.forEach(add)
  else controller.items.forEach(add)
  return wanted
}

/** Calls once, a moment after the last of several calls. */
function debounced(action: () => void): Disposable & { call(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const disposable = new Disposable(() => clearTimeout(timer))
  return Object.assign(disposable, {
    call: () => {
      clearTimeout(timer)
      timer = setTimeout(action, 300)
    },
  })
}
