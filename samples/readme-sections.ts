/** Sections of a README that commands bring up to date: what stands between `<!-- score NAME -->` and `<!-- end NAME -->`. */
import { readFileSync, writeFileSync } from 'node:fs'

/** Throws where a section is not there, so that no figure is lost in silence. */
export function writeSections(path: string, sections: Readonly<Record<string, string>>): void {
  writeFileSync(path, withSections(readFileSync(path, 'utf8'), sections))
}

export function withSections(text: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((sum, [name, content]) => {
    const begin = `<!-- score ${name} -->`
    const from = sum.indexOf(begin)
    const to = sum.indexOf(`<!-- end ${name} -->`)
    if (from < 0 || to < from) throw new Error(`there is no section ${name}`)
    return `${sum.slice(0, from + begin.length)}\n\n${content}\n\n${sum.slice(to)}`
  }, text)
}

export interface Column {
  readonly title: string
  /** Numbers stand at the right. */
  readonly right?: boolean
}

/** A table with its columns aligned, as the formatter of this repository leaves it. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map(row => columns.map((_, i) => String(row[i] ?? '')))
  const widths = columns.map(({ title }, i) => Math.max(3, title.length, ...cells.map(row => row[i]?.length ?? 0)))
  const pad = (text: string, i: number) => {
    const width = widths[i] ?? 0
    return columns[i]?.right ? text.padStart(width) : text.padEnd(width)
  }
  const line = (row: readonly string[]) => `| ${row.map(pad).join(' | ')} |`
  const rule = columns.map(({ right }, i) => '-'.repeat((widths[i] ?? 0) - (right ? 1 : 0)) + (right ? ':' : ''))
  return [line(columns.map(({ title }) => title)), line(rule), ...cells.map(line)].join('\n')
}
