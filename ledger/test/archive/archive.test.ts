/** Archives of logs: the harmless ones are read, the others are refused with a reason and without harm. */
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { random } from '../../../bench/requests.ts'
import { openArchive } from '../../src/node/archive/open-archive.ts'
import { logInArchive } from '../../src/node/audit/log-archive.ts'
import { tarOf, zipOf } from './pack.ts'

const body = Buffer.from('hello')
const files = [
  { path: './log/checkpoint', body },
  { path: 'log/tile/0/000', body: Buffer.alloc(600, 7) },
]
const small = { bytes: 10_000, files: 3 }
const why = (bytes: Buffer): string => {
  const opened = openArchive(bytes, small)
  return opened.ok ? `opened with ${[...opened.files.keys()]}` : opened.why
}

test.each([
  ['.tar', tarOf(files)],
  ['.tar.gz', gzipSync(tarOf(files))],
  ['.tar.zst', zstdCompressSync(tarOf(files))],
  ['.zip', zipOf(files)],
])('%s is read', (_, bytes) => {
  const opened = openArchive(bytes)
  expect(opened.ok && [...opened.files].map(([path, file]) => [path, file.length])).toEqual([
    ['log/checkpoint', 5],
    ['log/tile/0/000', 600],
  ])
  const log = logInArchive(bytes)
  expect(log.ok && [log.folder, log.files.read('checkpoint')?.toString(), log.files.list('tile')]).toEqual([
    'log',
    'hello',
    ['tile/0/000'],
  ])
})

test('long names of pax and GNU', () => {
  const long = `log/${'x'.repeat(200)}`
  const record = `${' path='.length + 4 + long.length} path=${long}\n`
  const pax = tarOf([
    { path: 'header', body: Buffer.from(record), type: 'x' },
    { path: 'cut', body },
  ])
  const gnu = tarOf([
    { path: '././@LongLink', body: Buffer.from(`${long}\0`), type: 'L' },
    { path: 'cut', body },
  ])
  for (const bytes of [pax, gnu]) expect(why(bytes)).toBe(`opened with ${long}`)
})

describe('is refused', () => {
  test.each([
    ['a path upwards', tarOf([{ path: 'log/../../evil', body }]), 'the path "log/../../evil" leads out of it'],
    ['an absolute path', tarOf([{ path: '/etc/passwd', body }]), 'the path "/etc/passwd" leads out of it'],
    ['a path upwards in a zip', zipOf([{ path: '../evil', body }]), 'the path "../evil" leads out of it'],
    ['a path of Windows', zipOf([{ path: 'C:\\evil', body }]), 'the path "C:\\\\evil" leads out of it'],
    [
      'a file twice',
      tarOf([
        { path: 'a', body },
        { path: './a', body },
      ]),
      '"a" is in it twice',
    ],
    ['a link', tarOf([{ path: 'a', body: Buffer.alloc(0), type: '2' }]), '"a" is neither a file nor a folder'],
    ['a link in a zip', zipOf([{ path: 'a', body, mode: 0o120777 }]), '"a" is neither a file nor a folder'],
    ['an encrypted file', zipOf([{ path: 'a', body, flags: 1 }]), '"a" is encrypted'],
    ['too many files', tarOf(['a', 'b', 'c', 'd'].map(path => ({ path, body }))), 'it holds more than 3 files'],
    ['too much', tarOf([{ path: 'a', body: Buffer.alloc(20_000) }]), 'it unpacks to more than 10000 bytes, at "a"'],
    ['a bomb of gzip', gzipSync(Buffer.alloc(50_000_000)), 'it unpacks to more than 10000 bytes'],
    ['a bomb of zstd', zstdCompressSync(Buffer.alloc(50_000_000)), 'it unpacks to more than 10000 bytes'],
    [
      'a bomb of zip',
      zipOf([{ path: 'a', body: Buffer.alloc(50_000_000) }]),
      'it unpacks to more than 10000 bytes, at "a"',
    ],
    [
      'a zip that lies about its size',
      zipOf([{ path: 'a', body: Buffer.alloc(50_000_000), promised: 9 }]),
      '"a" cannot be unpacked to 9 bytes',
    ],
    ['a tar that is cut off', tarOf([{ path: 'a', body }]).subarray(0, 1024), 'it is cut off at byte 1024'],
    ['something else', Buffer.from('hello'), 'it is no .tar, .tar.gz, .tar.zst or .zip'],
  ])('%s', (_, bytes, expected) => expect(why(bytes)).toBe(expected))

  test('an archive without a log, or with several', () => {
    const none = logInArchive(tarOf([{ path: 'notes', body }]))
    expect(!none.ok && none.why).toBe('it holds no checkpoint and no entries')
    const several = logInArchive(tarOf(['a/checkpoint', 'b/checkpoint'].map(path => ({ path, body }))))
    expect(!several.ok && several.why).toBe('it holds several logs')
  })
})

test('spoilt bytes are refused or read, and never throw (seed 5)', () => {
  const next = random(5)
  const archives = [tarOf(files), gzipSync(tarOf(files)), zstdCompressSync(tarOf(files)), zipOf(files)]
  for (let round = 0; round < 4000; round++) {
    const bytes = Buffer.from(archives[round % archives.length] ?? Buffer.alloc(0))
    for (let spoilt = 0; spoilt <= next(4); spoilt++) bytes[next(bytes.length)] = next(256)
    const opened = openArchive(bytes.subarray(0, next(3) === 0 ? next(bytes.length) : bytes.length), small)
    if (!opened.ok) expect(opened.why).not.toBe('')
  }
})
