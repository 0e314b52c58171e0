/** What a log withholds, and the forms in which a value could still stand in a file. */
import { type Opening, parseOpening } from '../../ledger/src/audit/commitment.ts'
import { filesOnDisk } from '../../ledger/src/node/audit/log-files.ts'

/** What is decided by which program, one after the other. */
export interface ReplayCase {
  readonly text: string
  readonly lines: readonly string[]
}

export function openings(folder: string): readonly Opening[] {
  const files = filesOnDisk(folder)
  return files
    .list('openings')
    .flatMap(path => (files.read(path)?.toString('utf8') ?? '').split('\n').flatMap(line => parseOpening(line) ?? []))
}

/** As text, UTF-16, hex, JSON with escapes, and base64 at each of the three places it can begin at. */
export function secretForms(value: string): readonly Buffer[] {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].map(shift => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    // The first and last signs depend on what stands beside it.
    return text
      .slice(shift === 0 ? 0 : shift + 1, bytes.length + shift - ((bytes.length + shift) % 3))
      .replace(/=+$/, '')
      .slice(0, -1)
  })
  return [
    bytes,
    Buffer.from(value, 'utf16le'),
    Buffer.from(hex),
    Buffer.from(hex.toUpperCase()),
    Buffer.from(JSON.stringify(value).slice(1, -1)),
    ...base64.map(text => Buffer.from(text)),
  ].filter(form => form.length > 3)
}
