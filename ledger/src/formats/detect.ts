/**
 * What a file looks like from its name and first bytes: for logs without a declared source, for telling sources apart, and for saying
 * what a file is that was declared as something else. A guess is never used where the source says.
 */
import type { SourceFormat } from '@writ/engine'
import { cut } from '../raw/describe.ts'
import { isObject, parseJson } from '../raw/json.ts'
import { decodeText } from '../raw/text.ts'
import { messagesName } from './chat.ts'
import { afterMark } from './ndjson.ts'

/** The name without `.gz` or `.zst`. */
export function withoutCompression(path: string): string {
  return path.replace(/\.(gz|gzip|zst|zstd)$/i, '')
}

/** By the ending of the name; null where it says nothing. */
export function formatByName(path: string): 'ndjson' | 'json' | 'csv' | null {
  const ending = /\.([a-z]+)$/i.exec(withoutCompression(path))?.[1]?.toLowerCase()
  if (ending === 'ndjson' || ending === 'jsonl') return 'ndjson'
  return ending === 'json' ? 'json' : ending === 'csv' || ending === 'tsv' ? 'csv' : null
}

/** What the first bytes of a file look like, with a few words for it; `format` null where they are like none. */
export interface Look {
  readonly format: SourceFormat | null
  readonly words: string
}

/** `head`: the first bytes, some thousands where there are so many. */
export function lookOf(head: Uint8Array): Look {
  const start = afterMark(head, 0)
  const text = decodeText(head, start, head.length).trimStart()
  if (text === '') return { format: null, words: 'it is empty' }
  if (text.includes('\0')) return { format: null, words: 'it is not text' }
  if (text.startsWith('[')) {
    const chat = /^\[\s*\{\s*"role"/.test(text) || /"(messages|traj)"\s*:\s*\[/.test(text)
    return chat
      ? { format: 'chat', words: 'it looks like an array of transcripts' }
      : { format: 'json', words: 'it begins with [, as a JSON array does' }
  }
  if (text.startsWith('{')) {
    if (/^\{\s*"Records"\s*:\s*\[/.test(text))
      return { format: 'cloudtrail', words: 'it looks like a file of CloudTrail' }
    const firstLine = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n')).trim()
    const first = firstLine.endsWith('}') ? parseJson(firstLine) : { problem: 'syntax' }
    if ('value' in first) {
      return isObject(first.value) && messagesName(first.value) !== null
        ? { format: 'chat', words: 'it looks like a transcript' }
        : { format: 'ndjson', words: 'it begins with one JSON object per line' }
    }
    if (/"(messages|traj)"\s*:\s*\[/.test(text)) return { format: 'chat', words: 'it looks like a transcript' }
    return { format: 'json', words: 'it begins with a JSON object of several lines' }
  }
  const [header = ''] = text.split(/\r?\n/, 1)
  if (/^[^{}[\]]+[,;\t][^{}[\]]+$/.test(header)) {
    return { format: 'csv', words: `it begins with ${JSON.stringify(cut(header))}, as a table with a header does` }
  }
  return { format: null, words: `it begins with ${JSON.stringify(cut(header))}` }
}

/** Whether the first line is a JSON object of its own. */
export function beginsWithObjectLine(head: Uint8Array): boolean {
  const text = decodeText(head, afterMark(head, 0), head.length).trimStart()
  const end = text.indexOf('\n')
  return text.startsWith('{') && 'value' in parseJson(end < 0 ? text : text.slice(0, end))
}
