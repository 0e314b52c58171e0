/**
 * Colour and weight on a terminal. Colour carries meaning and never alone: whatever is painted also says it in words or signs.
 * `NO_COLOR` (any value but empty) takes colour away, `FORCE_COLOR` (any value but empty or 0) gives it, else a terminal decides.
 */

export interface Paint {
  readonly bold: Brush
  readonly dim: Brush
  readonly red: Brush
  readonly yellow: Brush
  readonly green: Brush
  readonly cyan: Brush
}
type Brush = (text: string) => string

export function paintFor(terminal: boolean, environment: Readonly<Record<string, string | undefined>>): Paint {
  return wantsColour(terminal, environment) ? coloured : plain
}

/** Leaves every text as it is. */
export const plain: Paint = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same }

const coloured: Paint = {
  bold: brush(1, 22),
  dim: brush(2, 22),
  red: brush(31, 39),
  yellow: brush(33, 39),
  green: brush(32, 39),
  cyan: brush(36, 39),
}

function wantsColour(terminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  if (environment.NO_COLOR) return false
  if (environment.FORCE_COLOR !== undefined) return environment.FORCE_COLOR !== '0' && environment.FORCE_COLOR !== ''
  return terminal && environment.TERM !== 'dumb'
}

function brush(on: number, off: number): Brush {
  return text => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`)
}
function same(text: string): string {
  return text
}
