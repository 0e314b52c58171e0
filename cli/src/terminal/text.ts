/**
 * Text for a terminal: how wide it is, where it breaks, how it is cut, and what of it may be printed at all. Numbers and sizes
 * in the form all reports share.
 */

/**
 * Recorded text as it may safely be printed on one line: control characters (escape sequences that would repaint the
 * terminal, line breaks, direction marks) become visible signs.
 */
export function printable(text: string): string {
  return text.replace(unsafe, character => {
    const code = character.codePointAt(0) ?? 0
    if (code === 0x0a) return '⏎'
    if (code === 0x09) return '→'
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    return `\\u{${code.toString(16)}}`
  })
}
const unsafe =
  /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu

/** Columns that `text` takes: wide East Asian characters and emoji take two, combining marks none. */
export function width(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += combining.test(character) ? 0 : wide.test(character) ? 2 : 1
  return columns
}
const combining = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200d]|\ufe0e|\ufe0f)$/u
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}
export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - width(text))) + text
}

/** At most `columns` wide, with … where something was left out. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text
  let kept = ''
  let taken = 0
  for (const character of text) {
    const next = width(character)
    if (taken + next > columns - 1) break
    kept += character
    taken += next
  }
  return `${kept.trimEnd()}…`
}

/** Breaks at spaces; lines after the first are made two columns shorter, for an indent. A word that is too long stays whole. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? columns : columns - 2
    if (line !== '' && width(line) + 1 + width(word) > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines
}

/** `12,345` */
export function count(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}
/** `1 event`, `12,345 events`; `entries` needs its own plural. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}
/** `12.3%`; `<0.1%` for what is there but rounds to nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0%'
  const percent = (100 * part) / whole
  if (part === whole) return '100%'
  if (percent < 0.1) return '<0.1%'
  return percent > 99.9 ? '>99.9%' : `${percent.toFixed(1)}%`
}
/** `12 MB`, `1.4 GB`: decimal units. */
export function bytes(value: number): string {
  if (value < 1e3) return `${value} B`
  if (value < 1e6) return `${Math.round(value / 1e3)} kB`
  if (value < 1e9) return `${Math.round(value / 1e6)} MB`
  return `${(value / 1e9).toFixed(1)} GB`
}
/** `38 ms`, `4.2 s`, `3 min 20 s`. */
export function elapsed(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
/** `850`, `412 k`, `1.23 M`. */
export function rate(perSecond: number): string {
  if (perSecond < 10_000) return count(Math.round(perSecond))
  if (perSecond < 1e6) return `${Math.round(perSecond / 1e3)} k`
  return `${(perSecond / 1e6).toFixed(2)} M`
}
