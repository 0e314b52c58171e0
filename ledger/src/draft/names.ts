/** Names for what records call their members: as they are where the language can write them, else near to it. */
import { reservedWords } from '@writ/grammar'

/** Can be written where a dot stands before it. */
export function isPlainName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
}

/** Can be written anywhere. */
export function isIdentifier(text: string): boolean {
  return isPlainName(text) && !Object.hasOwn(reservedWords, text)
}

/** A name for a field. */
export function identifier(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '')
  const name = /^[A-Za-z]/.test(plain) ? plain : `field_${plain}`
  return isIdentifier(name) ? name : `${name}_`
}

/** A name for a contract: `send_money` gives `SendMoney`. */
export function contractName(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter(word => word !== '')
  const name = words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^[A-Z]/.test(name) ? name : `Event${name}`
}

/** `wanted`, or with a number behind it where that is taken; takes it. */
export function unusedName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`
  taken.add(name)
  return name
}
