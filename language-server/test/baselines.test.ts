/** The files of baselines that `writ.json` names: read with it, when they change, and when it names others. */
import { expect, test } from 'vitest'
import { type FakeClient, fakeClient, root } from './fake-client.ts'

const policy = `module m
contract Paid version 1.0.0 { id: String key  n: Int }
policy p version 1.0.0 {
  on Paid as e
  default permit
  rule other when (drift(n against usual) of Paid by all over 1d ?? 0) > 1 deny
}
`
const numbers = '{ "edges": ["1", "2"], "counts": [3, 4, 5] }'
const texts = '{ "values": ["a"], "counts": [3, 4] }'
const named = (path: string) => `{ "baselines": { "usual": "${path}" } }`

async function codes(client: FakeClient): Promise<readonly unknown[]> {
  const { items } = await client.request<{ readonly items: readonly { readonly code: string }[] }>(
    'textDocument/diagnostic',
    { textDocument: { uri: `${root}m.writ` } },
  )
  return items.map(({ code }) => code)
}

async function withFile(client: FakeClient, path: string, text: string | null): Promise<readonly unknown[]> {
  if (text === null) client.files.delete(root + path)
  else client.files.set(root + path, text)
  await client.notify('workspace/didChangeWatchedFiles', {
    changes: [{ uri: root + path, type: text === null ? 3 : 2 }],
  })
  return codes(client)
}

test('a baseline is read, and read again when it changes', async () => {
  const client = await fakeClient({
    files: { 'writ.json': named('./data/usual.json'), 'data/usual.json': numbers, 'm.writ': policy },
  })
  await client.open('m.writ', policy)
  expect(await codes(client)).toEqual([])
  expect(await withFile(client, 'data/usual.json', texts)).toEqual(['W0916'])
  expect(await withFile(client, 'data/usual.json', '{')).toEqual(['W0918'])
  expect(await withFile(client, 'data/usual.json', null)).toEqual(['W0918'])
  expect(await withFile(client, 'data/usual.json', numbers)).toEqual([])
})

test('settings that name another file, or none', async () => {
  const client = await fakeClient({
    files: { 'writ.json': '{}', 'usual.json': numbers, 'm.writ': policy },
  })
  await client.open('m.writ', policy)
  expect(await codes(client)).toEqual(['W0915'])
  expect(await withFile(client, 'writ.json', named('usual.json'))).toEqual([])
  expect(await withFile(client, 'writ.json', named('gone.json'))).toEqual(['W0918'])
  expect(await withFile(client, 'gone.json', numbers)).toEqual([])
})
