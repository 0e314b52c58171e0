/**
 * What a store knows of the sources it was filled from, and recognising one: a source is its content, not its name. A file that begins
 * with all that was read of a source goes on with it; one that is all in a source brings nothing new.
 */
import { z } from 'zod'
import { digestOf, restore } from './blocks.ts'
import type { Content } from './content.ts'
import { keyOf } from './keys.ts'
import type { Connection } from './schema.ts'

const count = z.int().nonnegative()

const sourceSchema = z.object({
  id: count,
  name: z.string(),
  format: z.string(),
  shape: z.string(),
  member: z.string().nullable(),
  /** What made the envelopes, where it was not the importer alone. */
  mapping: z.string(),
  head: count,
  /** The time of records that have none. */
  base: z.int(),
  /** Of the content that was read. */
  bytes: count,
  line: count,
  /** The last time that was read. */
  last: z.int(),
  read: count,
  kept: count,
  skipped: count,
  broken: count,
  duplicate: count,
  events: count,
  complete: z.int().min(0).max(1),
})

export type SourceState = z.infer<typeof sourceSchema>

export function allSources(db: Connection): readonly SourceState[] {
  return z.array(sourceSchema).parse(db.prepare('SELECT * FROM source ORDER BY id').all())
}

/** A number for the beginning of a content. */
export function headKey(head: Uint8Array): number {
  return keyOf(Buffer.from(head.subarray(0, headBytes)).toString('latin1'))
}

export type Recognised =
  /** Everything is in the store. */
  | { readonly kind: 'known'; readonly source: SourceState; readonly whole: boolean }
  /** It begins with the source, which may be empty. */
  | { readonly kind: 'continued'; readonly source: SourceState }
  | { readonly kind: 'new' }

/** Holds a content against the sources of the store that were read in the same way. */
export async function recognise(
  db: Connection,
  content: Content,
  format: string,
  mapping: string,
): Promise<Recognised> {
  const rows = db
    .prepare(
      'SELECT * FROM source WHERE format = ? AND mapping = ? AND (head = ? OR name = ?) ORDER BY bytes DESC, id LIMIT 64',
    )
    .all(format, mapping, headKey(content.head), content.name)
  for (const source of z.array(sourceSchema).parse(rows)) {
    const compared = await compare(db, content, source)
    if (compared === 'inside') return { kind: 'known', source, whole: false }
    if (compared === 'equal' && source.complete === 1) return { kind: 'known', source, whole: true }
    // An empty source is anybody's beginning.
    if (compared !== 'other' && (source.bytes > 0 || source.name === content.name)) return { kind: 'continued', source }
  }
  return { kind: 'new' }
}

const headBytes = 1024

interface BlockRow {
  readonly at: number
  readonly length: number
  readonly digest: Buffer
  readonly packed: Buffer
}

/** `inside`: the content ends before the source does. `longer`: it goes on behind it. */
async function compare(
  db: Connection,
  content: Content,
  source: SourceState,
): Promise<'equal' | 'inside' | 'longer' | 'other'> {
  const blocks = db
    .prepare<[number], BlockRow>('SELECT at, length, digest, packed FROM block WHERE source = ? ORDER BY at')
    .iterate(source.id)
  let block: BlockRow | undefined = blocks.next().value
  try {
    let held = Buffer.alloc(0)
    let pieces: Buffer[] = []
    let waiting = 0
    for await (const piece of content.pieces(0, () => {})) {
      // The piece is written over by the next one.
      pieces.push(Buffer.from(piece))
      waiting += piece.length
      // Joined once for each block, since a block may have very many pieces.
      if (block !== undefined && held.length + waiting < block.length) continue
      held = Buffer.concat([held, ...pieces])
      pieces = []
      waiting = 0
      for (; block !== undefined && held.length >= block.length; block = blocks.next().value) {
        if (!digestOf(held.subarray(0, block.length)).equals(block.digest)) return 'other'
        held = held.subarray(block.length)
      }
      if (block === undefined) {
        if (held.length > 0) return 'longer'
      }
    }
    if (block === undefined) return 'equal'
    held = Buffer.concat([held, ...pieces])
    const rest = restore(block.packed, block.length, block.digest)
    return rest?.subarray(0, held.length).equals(held) === true ? 'inside' : 'other'
  } finally {
    blocks.return?.()
  }
}
