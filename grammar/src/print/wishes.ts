/**
 * What a declaration wishes for its layout: where lines must begin, where they may, what hugs what; and the ways to wish for it.
 * Says nothing about width or comments: write.ts decides with these wishes.
 */
import type { Span } from '../span.ts'
import type { Expression } from '../syntax.ts'
import type { SyntaxNode } from '../walk.ts'

/** A place where a line begins, whatever the width. */
export interface LineStart {
  /** In steps of two spaces, from the left edge. */
  readonly indent: number
  /** `always`: an empty line before it; `keep`: one where the author left one. */
  readonly blank: 'always' | 'keep' | 'never'
}

/** A stretch that is on one line if it fits, else broken before each of `breaks`. */
export interface Group extends Span {
  /** Offsets of tokens before which the line may break, with the extra indent of the new line. */
  readonly breaks: ReadonlyMap<number, number>
  /** Broken whatever the width, because the author broke it right after the bracket. */
  readonly broken: boolean
}

/** A field of a contract, whose parts stand in columns. */
export interface Row {
  readonly name: Span
  readonly type: Span
  /** Where the modifiers begin; null where there are none. */
  readonly modifiers: number | null
}

export interface Layout {
  readonly lines: ReadonlyMap<number, LineStart>
  readonly groups: readonly Group[]
  readonly rows: readonly Row[]
  /** Offsets of tokens without a space before them, and without one after them. */
  readonly tightBefore: ReadonlySet<number>
  readonly tightAfter: ReadonlySet<number>
  /** Offsets of `(` that begin an expression rather than arguments. */
  readonly opening: ReadonlySet<number>
}

/** What the layout needs to know of the text besides the tree. */
export interface TextView {
  readonly text: string
  /** The offset of the last token that ends at or before `offset`. */
  tokenBefore(offset: number): number
  /** The offset of the first token with this text at or after `offset`. */
  find(token: string, offset: number): number
}

/** Collects wishes; the classes below it say what each construct wishes. */
export class Wishes implements Layout {
  readonly lines = new Map<number, LineStart>()
  readonly groups: Group[] = []
  readonly rows: Row[] = []
  readonly tightBefore = new Set<number>()
  readonly tightAfter = new Set<number>()
  readonly opening = new Set<number>()
  protected readonly view: TextView

  constructor(view: TextView) {
    this.view = view
  }

  /** Items between braces, each on its line. A single one may stay on the line of its braces, if it was written there. */
  protected body<T extends SyntaxNode>(
    span: Span,
    items: readonly T[],
    wish: {
      readonly oneLine?: boolean
      readonly indent?: number
      readonly from?: number
      readonly blankBefore?: (item: T) => boolean
    } = {},
  ): void {
    const { oneLine = true, indent = 0 } = wish
    const open = this.view.find('{', wish.from ?? span.start)
    const close = span.end - 1
    const ordered = [...items].sort((a, b) => a.span.start - b.span.start)
    if (ordered.length === 0) return
    if (oneLine && ordered.length === 1 && !this.view.text.slice(open, close).includes('\n')) {
      const breaks = new Map<number, number>([[close, 0]])
      for (const item of ordered) breaks.set(item.span.start, 1)
      this.groups.push({ start: open, end: span.end, breaks, broken: false })
      return
    }
    for (const [index, item] of ordered.entries()) {
      const blank = index === 0 ? 'never' : wish.blankBefore?.(item) === true ? 'always' : 'keep'
      this.lines.set(item.span.start, { indent: indent + 1, blank })
    }
    this.lines.set(close, { indent, blank: 'never' })
  }

  protected bracket(span: Span, items: readonly SyntaxNode[]): void {
    if (items.length === 0) return
    const breaks = new Map<number, number>([[span.end - 1, 0]])
    for (const item of items) breaks.set(item.span.start, 1)
    const first = items[0]?.span.start ?? span.end
    // Records and lists stay one below the other where the author broke them; arguments are joined again if they fit.
    const wished = this.view.text[span.start] !== '(' && this.view.text.slice(span.start, first).includes('\n')
    this.groups.push({ ...span, breaks, broken: wished })
  }

  protected breakBefore(node: Expression, offsets: readonly number[]): void {
    if (offsets.length === 0) return
    this.groups.push({ ...node.span, breaks: new Map(offsets.map(offset => [offset, 1])), broken: false })
  }

  /** Items separated by commas without brackets: the line may break after a comma. */
  protected commas(span: Span): void {
    const breaks = new Map<number, number>()
    for (
      let comma = this.view.find(',', span.start);
      comma !== -1 && comma < span.end;
      comma = this.view.find(',', comma + 1)
    ) {
      const next = this.view.find('', comma + 1)
      if (next !== -1) breaks.set(next, 1)
    }
    if (breaks.size > 0) this.groups.push({ ...span, breaks, broken: false })
  }

  /** What does not fit behind its `=` begins a line of its own. */
  protected afterEquals(value: Expression, end: number): void {
    if (breaksInside(value)) return
    const equals = this.view.tokenBefore(value.span.start)
    this.groups.push({ start: equals, end, breaks: new Map([[value.span.start, 1]]), broken: false })
  }
}

/** True for expressions whose first line may stand behind a `=` although the rest does not fit: they break inside. */
function breaksInside(value: Expression): boolean {
  switch (value.kind) {
    case 'in-list':
      return value.list.kind === 'list'
    case 'list':
    case 'record':
    case 'aggregate':
    case 'exists':
    case 'sequence':
      return true
    default:
      return false
  }
}
