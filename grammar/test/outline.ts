/** A tree in one readable line: kinds and what is in them, without places and without what is empty. */

/** `compare(== r.amount 50 USD)`-like text of any part of a tree. */
export function outline(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : String(value)
  if (Array.isArray(value)) return `[${value.map(outline).join(', ')}]`
  const fields = Object.entries(value).filter(
    ([name, field]) => name !== 'span' && name !== 'titleSpan' && !isEmpty(field),
  )
  const kind = fields.find(([name]) => name === 'kind')?.[1]
  const rest = fields.filter(([name]) => name !== 'kind')
  // Names and wrappers of one thing read best as that thing.
  if (kind === undefined && rest.length === 1) return outline(rest[0]?.[1])
  if (kind === 'name' || kind === 'literal' || kind === 'named-type') return short(rest)
  return `${kind ?? ''}(${rest.map(([name, field]) => `${name}=${outline(field)}`).join(' ')})`
}

function short(fields: readonly (readonly [string, unknown])[]): string {
  const [, value] = fields[0] ?? []
  const argument = fields[1]?.[1]
  if (argument !== undefined) return `${outline(value)}<${outline(argument)}>`
  if (typeof value !== 'object' || value === null || !('kind' in value)) return outline(value)
  const { kind, ...literal } = value
  return kind === 'string' ? JSON.stringify(Object.values(literal)[0]) : Object.values(literal).map(outline).join(' ')
}

function isEmpty(value: unknown): boolean {
  return value === null || value === false || (Array.isArray(value) && value.length === 0)
}
