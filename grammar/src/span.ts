/** A place in text. Apart from the tree, because problems, edits and tokens need it too. */

/** Half-open range of UTF-16 offsets; relative to the declaration inside the tree, to the file outside of it. */
export interface Span {
  readonly start: number
  readonly end: number
}
