/** What an import did, in words and as JSON: for each source what it is, and what became of its records. */
import type { ImportedSource, ImportResult } from '@writ/ledger/store'
import type { Output } from '../terminal/io.ts'
import { count, counted, printable, wrap } from '../terminal/text.ts'

/** The shape is docs/schemas/import.schema.json. */
export function importJson(store: string, result: ImportResult): object {
  return {
    store,
    events: result.events,
    searchable: result.searchable,
    partial: result.stopped,
    read: sum(result.sources, 'read'),
    kept: sum(result.sources, 'kept'),
    skipped: sum(result.sources, 'skipped'),
    broken: sum(result.sources, 'broken'),
    duplicate: sum(result.sources, 'duplicate'),
    sources: result.sources.map(source => ({ ...source, findings: Object.fromEntries(source.findings) })),
    findings: result.findings,
  }
}

export function importText(store: string, result: ImportResult, output: Output): string {
  const { paint, columns } = output
  const shown =
    result.sources.length <= mostShown ? result.sources : result.sources.filter(isNoteworthy).slice(0, mostShown)
  const lines = shown.flatMap(source => sourceLines(source, output))
  if (shown.length < result.sources.length)
    lines.push(`… ${counted(result.sources.length - shown.length, 'more source')} without anything to say`)
  const read = sum(result.sources, 'read')
  const parts = [
    `${count(sum(result.sources, 'kept'))} kept`,
    ...(['duplicate', 'skipped', 'broken'] as const).flatMap(name => {
      const n = sum(result.sources, name)
      return n === 0 ? [] : [`${count(n)} ${words[name]}`]
    }),
  ]
  lines.push(`${paint.bold(counted(read, 'record'))} read: ${parts.join(', ')}`)
  lines.push(`${printable(store)} has ${counted(result.events, 'event')}${searchText(result)}`)
  for (const finding of result.findings.slice(0, mostFindings)) {
    const place = `${printable(finding.source)}:${finding.line}`
    const [head = '', ...rest] = wrap(`${place}: ${finding.code}: ${printable(finding.message)}`, columns)
    lines.push([paint.yellow(head), ...rest.map(line => `  ${line}`)].join('\n'))
  }
  const more = result.findings.length - mostFindings
  if (more > 0) lines.push(`… ${counted(more, 'more finding')}; --report json lists up to a thousand`)
  if (result.stopped) lines.push('Interrupted. The same command goes on from here.')
  return `${lines.join('\n')}\n`
}

const mostShown = 20
const mostFindings = 10
const words = { duplicate: 'in the store already', skipped: 'none of the format', broken: 'broken' }

function sourceLines(source: ImportedSource, { paint }: Output): readonly string[] {
  const name = printable(source.name)
  if (source.state === 'refused') return [`${paint.red('refused')}  ${name}: ${printable(source.unfinished ?? '')}`]
  const same = source.sameAs === null ? '' : `, the same content as ${printable(source.sameAs)}`
  if (source.state === 'known') return [`${paint.dim('known')}    ${name}: all of it is in the store${same}`]
  const events = source.events === source.kept ? '' : `, ${counted(source.events, 'event')}`
  const state = source.state === 'new' ? paint.green('new') : paint.green('more')
  const lines = [
    `${state}${source.state === 'new' ? '      ' : '     '}${name}: ${source.format} (${printable(source.detected)}), ${counted(source.kept, 'record')} kept${events}`,
  ]
  if (source.unfinished !== null)
    lines.push(`         it ends within ${source.unfinished}; that is read when there is more of it`)
  return lines
}

function isNoteworthy(source: ImportedSource): boolean {
  return source.state === 'refused' || source.unfinished !== null || source.broken > 0 || source.skipped > 0
}

function searchText(result: ImportResult): string {
  return result.events === 0 ? '' : result.searchable === 0 ? ', none of them searchable' : ', all of them searchable'
}

function sum(sources: readonly ImportedSource[], name: 'read' | 'kept' | 'skipped' | 'broken' | 'duplicate'): number {
  return sources.reduce((total, source) => total + source[name], 0)
}
