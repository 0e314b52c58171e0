/**
 * Tokens and comments to text, following the wishes of a layout as far as the width allows. Only space changes, never a token.
 * What a layout wants is layout.ts; files as wholes are print.ts.
 */
import type { PlainToken } from '../parser/plain-tokens.ts'
import type { Group, Layout, Row } from './wishes.ts'

/** The width that lines should not exceed. */
export const lineWidth = 100

/** Writes `tokens`, which were read from `text`. */
export function write(text: string, tokens: readonly PlainToken[], layout: Layout): string {
  const page = new Page(text, tokens, layout)
  return page.write()
}

interface OpenGroup {
  readonly group: Group
  readonly broken: boolean
  /** The column at which the line begins on which the group begins. */
  readonly base: number
}

class Page {
  private readonly text: string
  private readonly tokens: readonly PlainToken[]
  private readonly layout: Layout
  private readonly groups: readonly Group[]
  private readonly columns: ReadonlyMap<number, number>
  private readonly open: OpenGroup[] = []
  private nextGroup = 0
  private written = ''
  private column = 0
  private lineIndent = 0
  private itemIndent = 0

  constructor(text: string, tokens: readonly PlainToken[], layout: Layout) {
    this.text = text
    this.tokens = tokens
    this.layout = layout
    this.groups = [...layout.groups].sort((a, b) => a.start - b.start || b.end - a.end)
    this.columns = this.columnsOf(layout.rows)
  }

  write(): string {
    for (const [index, token] of this.tokens.entries()) {
      while (this.open.length > 0 && token.start >= (this.open.at(-1)?.group.end ?? 0)) this.open.pop()
      if (index > 0) this.space(index, token)
      this.enterGroups(index, token)
      this.put(printed(token))
    }
    return this.written
  }

  /** What stands between the token before and this one. */
  private space(index: number, token: PlainToken): void {
    const before = this.tokens[index - 1]
    if (before === undefined) return
    const newlines = this.newlinesBetween(before, token)
    const mustBreak = before.kind === 'line-comment' || before.kind === 'documentation'
    if (isComment(token)) {
      if (newlines === 0 && !mustBreak) this.put(' '.repeat(commentGap(before, token)))
      else this.breakBeforeComment(index, before, newlines)
      return
    }
    const wish = this.layout.lines.get(token.start)
    if (wish !== undefined) {
      const afterComment = isComment(before) && this.startsLine(index - 1)
      const keep = newlines > 1 && before.kind !== 'documentation'
      const blank = afterComment ? keep : wish.blank === 'always' || (wish.blank === 'keep' && newlines > 1)
      this.itemIndent = wish.indent * 2
      this.newline(this.itemIndent, blank && token.text !== '}')
      return
    }
    const indent = this.softBreak(token)
    if (indent !== null) this.newline(indent, false)
    else if (mustBreak || (before.kind === 'block-comment' && newlines > 0)) this.newline(this.continuation(), false)
    else this.put(' '.repeat(this.gap(before, token)))
  }

  private breakBeforeComment(index: number, before: PlainToken, newlines: number): void {
    const next = this.tokens.slice(index).find(token => !isComment(token))
    const wish = next === undefined ? undefined : this.layout.lines.get(next.start)
    const first = !isComment(before) || !this.startsLine(index - 1)
    const always = first && wish?.blank === 'always'
    const keep = newlines > 1 && !/^[{([]$/.test(before.text) && before.kind !== 'documentation'
    this.newline(this.indentOfComment(next), wish === undefined ? false : always || keep)
  }

  private indentOfComment(next: PlainToken | undefined): number {
    if (next === undefined) return 0
    const closing = next.text === '}' || next.text === ')' || next.text === ']'
    const wish = this.layout.lines.get(next.start)
    if (wish !== undefined) return (wish.indent + (closing ? 1 : 0)) * 2
    const soft = this.softBreak(next)
    if (soft !== null) return soft + (closing ? 2 : 0)
    return this.continuation()
  }

  /** The indent where a broken group breaks before `token`; null where none does. */
  private softBreak(token: PlainToken): number | null {
    for (let index = this.open.length - 1; index >= 0; index--) {
      const open = this.open[index]
      const extra = open?.group.breaks.get(token.start)
      if (open === undefined || extra === undefined) continue
      return open.broken ? open.base + extra * 2 : null
    }
    return null
  }

  private continuation(): number {
    return (this.open.at(-1)?.base ?? this.itemIndent) + 2
  }

  private enterGroups(index: number, token: PlainToken): void {
    for (let group = this.groups[this.nextGroup]; group !== undefined; group = this.groups[++this.nextGroup]) {
      if (group.start > token.start) return
      if (group.start < token.start) continue
      const outer = this.open.at(-1)
      const flat = outer !== undefined && !outer.broken
      const broken = !flat && (group.broken || this.column + this.widthOf(index, group) > lineWidth)
      this.open.push({ group, broken, base: this.lineIndent })
    }
  }

  /** The width of a group on one line with what must follow it there; infinite where it cannot be on one. */
  private widthOf(from: number, group: Group): number {
    let width = 0
    for (let index = from; ; index++) {
      const token = this.tokens[index]
      if (token === undefined) return width
      const before = this.tokens[index - 1]
      if (token.start >= group.end) {
        const ends =
          token.text === '=' || this.layout.lines.has(token.start) || isComment(token) || this.softBreak(token) !== null
        if (ends) return width
      } else {
        if (token.kind === 'line-comment' || token.kind === 'documentation') return Number.POSITIVE_INFINITY
        if (index > from && (this.layout.lines.has(token.start) || this.forced(token, group)))
          return Number.POSITIVE_INFINITY
        if (token.kind === 'block-comment' && (token.text.includes('\n') || this.startsLine(index)))
          return Number.POSITIVE_INFINITY
        if (before?.kind === 'block-comment' && index > from && this.newlinesBetween(before, token) > 0)
          return Number.POSITIVE_INFINITY
      }
      if (index > from && before !== undefined)
        width += isComment(token) ? commentGap(before, token) : this.gap(before, token)
      width += printed(token).length
      if (width > lineWidth) return width
    }
  }

  /** True where a group that the author broke begins at `token`. */
  private forced(token: PlainToken, outer: Group): boolean {
    for (let index = this.nextGroup; ; index++) {
      const group = this.groups[index]
      if (group === undefined || group.start > token.start) return false
      if (group !== outer && group.start === token.start && group.broken) return true
    }
  }

  /** How many spaces stand between two tokens on one line. */
  private gap(before: PlainToken, token: PlainToken): number {
    return this.columns.get(token.start) ?? gapBetween(before, token, this.layout)
  }

  /** Spaces before the colons and the modifiers of fields, so that they stand in columns. */
  private columnsOf(rows: readonly Row[]): ReadonlyMap<number, number> {
    const columns = new Map<number, number>()
    const nameWidth = Math.max(0, ...rows.map(({ name }) => name.end - name.start))
    const types = rows.map(row => (row.modifiers === null ? 0 : this.flatWidth(row.type.start, row.modifiers)))
    const typeWidth = Math.max(0, ...types.filter(width => width <= 40))
    for (const [index, { name, modifiers }] of rows.entries()) {
      const colon = this.tokens.find(token => token.start >= name.end)
      if (colon?.text === ':') columns.set(colon.start, nameWidth - (name.end - name.start) + 2)
      const width = types[index] ?? 0
      if (modifiers !== null && width <= typeWidth) columns.set(modifiers, typeWidth - width + 2)
    }
    return columns
  }

  private flatWidth(from: number, to: number): number {
    let width = 0
    let before: PlainToken | undefined
    for (const token of this.tokens) {
      if (token.start < from) continue
      if (token.start >= to) break
      if (isComment(token)) return Number.POSITIVE_INFINITY
      if (before !== undefined) width += gapBetween(before, token, this.layout)
      width += printed(token).length
      before = token
    }
    return width
  }

  private newlinesBetween(before: PlainToken, token: PlainToken): number {
    let count = 0
    for (let at = before.end; at < token.start; at++) if (this.text.charCodeAt(at) === 10) count++
    return count
  }

  /** True where the token at `index` is the first on its line in the source. */
  private startsLine(index: number): boolean {
    const token = this.tokens[index]
    const before = this.tokens[index - 1]
    return token !== undefined && (before === undefined || this.newlinesBetween(before, token) > 0)
  }

  private put(text: string): void {
    this.written += text
    const line = text.lastIndexOf('\n')
    this.column = line === -1 ? this.column + text.length : text.length - line - 1
  }

  private newline(indent: number, blank: boolean): void {
    this.written += blank ? '\n\n' : '\n'
    this.written += ' '.repeat(indent)
    this.column = indent
    this.lineIndent = indent
  }
}

function commentGap(before: PlainToken, comment: PlainToken): number {
  if (comment.kind !== 'block-comment') return 2
  return before.text === '(' || before.text === '[' ? 0 : 1
}

function gapBetween(before: PlainToken, token: PlainToken, layout: Layout): 0 | 1 {
  if (isComment(before)) return 1
  if (layout.tightBefore.has(token.start) || layout.tightAfter.has(before.start)) return 0
  switch (token.text) {
    case ',':
    case ')':
    case ']':
    case '.':
    case ':':
    case ';':
      return 0
    case '}':
      return before.text === '{' ? 0 : 1
    case '(':
      if (before.kind === 'word' && !layout.opening.has(token.start)) return 0
  }
  return before.text === '(' || before.text === '[' || before.text === '.' ? 0 : 1
}

function isComment(token: PlainToken): boolean {
  return token.kind === 'line-comment' || token.kind === 'block-comment' || token.kind === 'documentation'
}

/** How a token is written: as it is, but with one space between a number and its currency. */
export function printed(token: PlainToken): string {
  return token.kind === 'literal' && !token.text.startsWith('"') ? token.text.replace(/[ \t]+/, ' ') : token.text
}
