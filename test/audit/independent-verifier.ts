/**
 * A verifier of tiled logs written from the specifications (RFC 6962, C2SP tlog-tiles, tlog-checkpoint, signed-note), sharing no
 * code with the ledger: what it accepts does not depend on what Writ believes. Obvious and slow; it holds all in memory.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The entries of the log; throws with the reason where anything is wrong. */
export function verifiedEntries(folder: string, vkey: string): readonly Buffer[] {
  const { size, root } = openCheckpoint(readFileSync(join(folder, 'checkpoint')), vkey)
  const entries: Buffer[] = []
  for (let bundle = 0; entries.length < size; bundle++) {
    const width = Math.min(256, size - entries.length)
    entries.push(...split(tileFile(folder, 'entries', bundle, width, null), width))
  }
  const leaves = entries.map(entry => sha256(Buffer.concat([Buffer.of(0), entry])))
  if (!treeHash(leaves).equals(root)) throw new Error('the entries do not have the root of the checkpoint')
  for (let level = 0; 256 ** level <= size; level++) {
    const count = Math.floor(size / 256 ** level)
    for (let tile = 0; tile * 256 < count; tile++) {
      const width = Math.min(256, count - tile * 256)
      const bytes = tileFile(folder, String(level), tile, width, width * 32)
      for (let place = 0; place < width; place++) {
        const start = (tile * 256 + place) * 256 ** level
        const expected = treeHash(leaves.slice(start, start + 256 ** level))
        if (!bytes.subarray(place * 32, place * 32 + 32).equals(expected))
          throw new Error(`tile ${level}/${tile} is wrong at hash ${place}`)
      }
    }
  }
  return entries
}

function openCheckpoint(note: Buffer, vkey: string): { readonly size: number; readonly root: Buffer } {
  const plus = vkey.indexOf('+')
  const name = vkey.slice(0, plus)
  const id = vkey.slice(plus + 1, plus + 9)
  const typed = Buffer.from(vkey.slice(plus + 10), 'base64')
  const expectedId = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).toString('hex', 0, 4)
  if (typed[0] !== 1 || id !== expectedId) throw new Error('the verifier key is wrong')
  const end = note.lastIndexOf('\n\n') + 1
  const text = note.subarray(0, end)
  const lines = note.toString('utf8', end + 1).split('\n')
  const signature = lines.flatMap(line => {
    const [dash, signer, base64] = line.split(' ')
    const bytes = Buffer.from(base64 ?? '', 'base64')
    return dash === '—' && signer === name && bytes.toString('hex', 0, 4) === id ? [bytes.subarray(4)] : []
  })
  const [only, another] = signature
  if (only === undefined || another !== undefined) throw new Error('there is not one signature of the key')
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  if (!verify(null, text, key, only)) throw new Error('the signature does not fit')
  const [origin, size, root] = text.toString('utf8').split('\n')
  if (origin !== name || size === undefined || root === undefined) throw new Error('this is no checkpoint of the log')
  return { size: Number(size), root: Buffer.from(root, 'base64') }
}

/** MTH of RFC 6962, section 2.1, over hashes of leaves. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (only === undefined) return sha256(Buffer.alloc(0))
  if (leaves.length === 1) return only
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return sha256(Buffer.concat([Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split))]))
}

/** `bytes`: what the file must have, where that is known; a full file may stand for a partial one. */
function tileFile(folder: string, kind: string, index: number, width: number, bytes: number | null): Buffer {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0')
  const groups = digits.match(/.{3}/g) ?? []
  const path = join(
    folder,
    'tile',
    kind,
    ...groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)),
  )
  const partial = width < 256 && existsSync(join(`${path}.p`, String(width)))
  const content = readFileSync(partial ? join(`${path}.p`, String(width)) : path)
  if (bytes !== null && content.length !== (partial ? bytes : 256 * 32))
    throw new Error(`${path} has ${content.length} bytes`)
  return content
}

function split(bundle: Buffer, width: number): readonly Buffer[] {
  const entries: Buffer[] = []
  for (let at = 0; at < bundle.length; ) {
    const end = at + 2 + bundle.readUInt16BE(at)
    if (end > bundle.length) throw new Error('a bundle is cut off')
    entries.push(bundle.subarray(at + 2, end))
    at = end
  }
  if (entries.length < width) throw new Error('a bundle has too few entries')
  return entries.slice(0, width)
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
