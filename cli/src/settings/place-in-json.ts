/** Where a member stands in a JSON text, so that a mistake found in the parsed value can name its line. */

/** Offset of the member's name (or of the array element) at `path`; of the deepest part that is there. The text must be valid JSON. */
export function placeInJson(text: string, path: readonly string[]): number {
  let value = space(text, 0)
  let place = value
  for (const step of path) {
    const found = text[value] === '{' ? member(text, value, step) : element(text, value, Number(step))
    if (found === undefined) return place
    place = found
    value = text[value] === '{' ? space(text, space(text, skip(text, found)) + 1) : found
  }
  return place
}

function member(text: string, open: number, name: string): number | undefined {
  let at = space(text, open + 1)
  while (text[at] === '"') {
    const end = skip(text, at)
    if (JSON.parse(text.slice(at, end)) === name) return at
    at = space(text, skip(text, space(text, space(text, end) + 1)))
    if (text[at] === ',') at = space(text, at + 1)
  }
  return undefined
}

function element(text: string, open: number, index: number): number | undefined {
  if (text[open] !== '[') return undefined
  let at = space(text, open + 1)
  for (let place = 0; text[at] !== ']'; place++) {
    if (place === index) return at
    at = space(text, skip(text, at))
    if (text[at] === ',') at = space(text, at + 1)
  }
  return undefined
}

/** The offset after the value that begins at `at`. */
function skip(text: string, at: number): number {
  let depth = 0
  for (let place = at; place < text.length; place++) {
    const character = text[place] ?? ''
    if (character === '"') {
      place = endOfString(text, place)
      if (depth === 0) return place + 1
    } else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      if (depth === 0) return place
      if (--depth === 0) return place + 1
    } else if (depth === 0 && (character === ',' || /\s/.test(character))) return place
  }
  return text.length
}
function endOfString(text: string, open: number): number {
  let at = open + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
function space(text: string, at: number): number {
  while (at < text.length && /\s/.test(text[at] ?? '')) at++
  return at
}
