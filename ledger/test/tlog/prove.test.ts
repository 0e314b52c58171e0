/** Proofs made by prove.ts are accepted by merkle.ts and log-proof.ts, and what is changed in them is refused. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkpointText } from '../../src/tlog/checkpoint.ts'
import { logProofText, parseLogProof, verifyLogProof } from '../../src/tlog/log-proof.ts'
import { leafHash, rootOf, type Sha256, verifyConsistency, verifyInclusion } from '../../src/tlog/merkle.ts'
import { consistencyProof, inclusionProof, type ReadHash, rangeRoot } from '../../src/tlog/prove.ts'
import { cosignatureMessage, keyId, type Signatures } from '../../src/tlog/signed-note.ts'
import { parseTrustPolicy } from '../../src/tlog/trust-policy.ts'

const sha256: Sha256 = (...parts) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest())
const leaves = Array.from({ length: 40 }, (_, i) => leafHash(sha256, Uint8Array.of(i)))
const read: ReadHash = (level, index) => rootOf(sha256, leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))

describe('every proof of every tree to 40 leaves', () => {
  test('inclusion', () => {
    for (let size = 1; size <= 40; size++) {
      const root = rangeRoot(sha256, read, 0, size)
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(sha256, read, index, size)
        const leaf = leaves[index] ?? new Uint8Array()
        expect(verifyInclusion(sha256, proof, { index: BigInt(index), size: BigInt(size), leaf, root }).valid).toBe(
          true,
        )
        expect(
          verifyInclusion(sha256, proof, { index: BigInt((index + 1) % size), size: BigInt(size), leaf, root }).valid,
        ).toBe(size === 1)
      }
    }
  })
  test('consistency', () => {
    for (let newSize = 1; newSize <= 40; newSize++) {
      for (let oldSize = 1; oldSize <= newSize; oldSize++) {
        const proof = consistencyProof(sha256, read, oldSize, newSize)
        const claim = {
          oldSize: BigInt(oldSize),
          newSize: BigInt(newSize),
          oldRoot: rootOf(sha256, leaves.slice(0, oldSize)),
          newRoot: rootOf(sha256, leaves.slice(0, newSize)),
        }
        expect(verifyConsistency(sha256, proof, claim).valid).toBe(true)
        expect(verifyConsistency(sha256, proof, { ...claim, oldRoot: leafHash(sha256, claim.oldRoot) }).valid).toBe(
          false,
        )
      }
    }
  })
})

describe('a proof file', () => {
  const signatures: Signatures = {
    verify: (key, message, signature) =>
      verify(
        null,
        message,
        createPublicKey({
          key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]),
          format: 'der',
          type: 'spki',
        }),
        signature,
      ),
  }
  const signer = (name: string, type: number) => {
    const pair = generateKeyPairSync('ed25519')
    const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const typed = Buffer.concat([Buffer.of(type), raw])
    const id = Buffer.from(keyId(sha256, name, typed))
    const seed = createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }))
    const line = (prefix: Uint8Array, message: Uint8Array): string =>
      `— ${name} ${Buffer.concat([id, prefix, sign(null, message, seed)]).toString('base64')}\n`
    return { verifierKey: `${name}+${id.toString('hex')}+${typed.toString('base64')}`, line }
  }
  const log = signer('log.example', 1)
  const witnesses = ['w1', 'w2', 'w3'].map(name => signer(name, 4))
  const text = checkpointText({
    origin: 'log.example',
    size: 40n,
    root: rangeRoot(sha256, read, 0, 40),
    extensions: [],
  })
  const cosign = (witness: number, time: bigint): string => {
    const prefix = Buffer.alloc(8)
    prefix.writeBigUInt64BE(time)
    return witnesses[witness]?.line(prefix, cosignatureMessage(time, text)) ?? ''
  }
  const note = `${text}\n${log.line(new Uint8Array(), new TextEncoder().encode(text))}`
  const policyText = (quorum: string): string =>
    `log ${log.verifierKey}\n${witnesses.map((witness, i) => `witness w${i} ${witness.verifierKey}\n`).join('')}group two 2 w0 w1 w2\n# who must have seen it\nquorum ${quorum}\n`
  const check = (checkpoint: string, quorum: string, index = 7) => {
    const policy = parseTrustPolicy(sha256, policyText(quorum))
    const written = logProofText({
      index: BigInt(index),
      hashes: inclusionProof(sha256, read, 7, 40),
      checkpoint,
      extra: null,
    })
    const proof = parseLogProof(written)
    if (!policy.ok || proof === undefined) throw new Error('the test made no proof')
    expect(logProofText(proof)).toBe(written)
    return verifyLogProof(sha256, signatures, proof, leaves[7] ?? new Uint8Array(), policy.policy)
  }

  test('of a trusted log is accepted', () => expect(check(note, 'none')).toMatchObject({ ok: true }))
  test('two of three witnesses are a quorum of two', () =>
    expect(check(note + cosign(0, 100n) + cosign(2, 101n), 'two')).toMatchObject({
      ok: true,
      signedBy: [{}, { time: 100n }, { time: 101n }],
    }))
  test('one is not', () =>
    expect(check(note + cosign(0, 100n), 'two')).toMatchObject({ ok: false, why: expect.stringContaining('too few') }))
  test('the same witness twice is refused', () =>
    expect(check(note + cosign(0, 100n) + cosign(0, 101n), 'two')).toMatchObject({ ok: false }))
  test('another index is refused', () => expect(check(note, 'none', 8)).toMatchObject({ ok: false }))
  test('a witness alone is no log', () =>
    expect(check(`${text}\n${cosign(0, 100n)}`, 'none')).toMatchObject({
      ok: false,
      why: expect.stringContaining('no trusted log'),
    }))
})

describe('trust policies with a mistake', () => {
  test.each([
    ['', 1, 'needs a quorum'],
    ['log x\nquorum none', 1, 'verifier key'],
    ['group a 1 b\nquorum a', 1, 'earlier lines'],
    ['quorum none\nquorum none', 2, 'one quorum'],
    ['witnes a b', 1, 'none of log'],
  ])('%j', (text, line, why) => {
    expect(parseTrustPolicy(sha256, text)).toEqual({ ok: false, line, why: expect.stringContaining(why) })
  })
})
