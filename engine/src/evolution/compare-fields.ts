/**
 * Changes of the fields of a contract: added, removed, renamed, moved, and of their types, bounds, patterns and classes, down
 * into records and lists. What is not in a field is compare.ts.
 */
import { fieldKey, sameType, showType } from '../check/type-relations.ts'
import { patternMatches } from '../value/pattern.ts'
import { add, compare, decimalText, fromInteger, type Rational, subtract } from '../value/rational.ts'
import type { FieldType, Type } from '../value/type.ts'
import type { ChangeId } from './catalogue.ts'

/** A change of a field before it has its place. */
export interface FieldChange {
  readonly kind: ChangeId
  /** Null where the field is not in that version. */
  readonly oldPath: string | null
  readonly newPath: string | null
  readonly what: string
  readonly before: string | null
  readonly after: string | null
  readonly witness: string | null
}

/** In the order of the newer fields, what was removed behind them. */
export function fieldChanges(before: readonly FieldType[], after: readonly FieldType[]): readonly FieldChange[] {
  const found = new Comparison()
  found.fields('', before, after)
  return found.changes()
}

interface Edge {
  readonly path: string
  readonly field: FieldType
}

class Comparison {
  readonly #found: FieldChange[] = []
  readonly #added: Edge[] = []
  readonly #removed: Edge[] = []

  fields(prefix: string, before: readonly FieldType[], after: readonly FieldType[]): void {
    const olds = new Map(before.map((field, place) => [field.name, { field, place }]))
    const news = new Set(after.map(field => field.name))
    const renamed = new Set<string>()
    for (const [place, field] of after.entries()) {
      const path = prefix + field.name
      const old = olds.get(field.name)?.field
      const here = before[place]
      if (old !== undefined) this.#field(path, old, field)
      else if (here !== undefined && !news.has(here.name) && sameButName(here, field)) {
        renamed.add(here.name)
        const what = `\`${prefix}${here.name}\` is called \`${path}\``
        this.#add('F11', prefix + here.name, path, what, here.name, field.name, null)
      } else this.#added.push({ path, field })
    }
    for (const field of before)
      if (!news.has(field.name) && !renamed.has(field.name)) this.#removed.push({ path: prefix + field.name, field })
    const common = before.filter(field => news.has(field.name)).map(field => field.name)
    const commonAfter = after.filter(field => olds.has(field.name)).map(field => field.name)
    if (common.some((name, place) => name !== commonAfter[place])) {
      const where = prefix === '' ? null : prefix.replace(/\.$/, '')
      const what = `the fields${where === null ? '' : ` of \`${where}\``} stand in another order`
      this.#add('F13', where, where, what, common.join(', '), commonAfter.join(', '), null)
    }
  }

  changes(): readonly FieldChange[] {
    const moved = new Set<Edge>()
    for (const removed of this.#removed) {
      const target = this.#added.flatMap(edge => within(edge)).find(edge => isMove(removed, edge))
      const source = within(removed).find(inner => this.#added.some(edge => isMove(inner, edge)))
      if (target !== undefined) {
        moved.add(removed)
        for (const edge of this.#added) if (edge.path === target.path) moved.add(edge)
        this.#move(removed.path, target.path)
      } else if (source !== undefined) {
        const edge = this.#added.find(one => isMove(source, one))
        if (edge === undefined) continue
        moved.add(edge)
        this.#move(source.path, edge.path)
      }
    }
    for (const edge of this.#added) if (!moved.has(edge)) this.#fieldAdded(edge)
    for (const edge of this.#removed) if (!moved.has(edge)) this.#fieldRemoved(edge)
    return this.#found
  }

  #move(from: string, to: string): void {
    this.#add('F15', from, to, `\`${from}\` is now \`${to}\``, from, to, null)
  }

  #fieldAdded({ path, field }: Edge): void {
    const type = fieldText(field)
    if (field.type.kind === 'optional')
      this.#add('F01', null, path, `\`${path}\` was added, optional`, null, type, null)
    else this.#add('F04', null, path, `\`${path}\` was added and is required`, null, type, `an event without ${path}`)
  }
  #fieldRemoved({ path, field }: Edge): void {
    const type = fieldText(field)
    if (field.type.kind === 'optional')
      this.#add('F06', path, null, `\`${path}\` was removed, which was optional`, type, null, null)
    else
      this.#add(
        'F07',
        path,
        null,
        `\`${path}\` was removed, which was required`,
        type,
        null,
        `an event without ${path}`,
      )
  }

  #field(path: string, before: FieldType, after: FieldType): void {
    const wasOptional = before.type.kind === 'optional'
    const isOptional = after.type.kind === 'optional'
    if (wasOptional !== isOptional) {
      const [kind, what] = isOptional
        ? (['F18', `\`${path}\` was required and is optional`] as const)
        : (['F17', `\`${path}\` was optional and is required`] as const)
      this.#add(kind, path, path, what, showType(before.type), showType(after.type), `an event without ${path}`)
    }
    this.#type(path, inner(before.type), inner(after.type), before, after)
    const gone = before.classes.filter(name => !after.classes.includes(name))
    const come = after.classes.filter(name => !before.classes.includes(name))
    if (come.length > 0)
      this.#add(
        'P01',
        path,
        path,
        `\`${path}\` is ${come.join(' and ')} now`,
        before.classes.join(' ') || null,
        after.classes.join(' '),
        null,
      )
    if (gone.length > 0)
      this.#add(
        'P02',
        path,
        path,
        `\`${path}\` is no longer ${gone.join(' or ')}`,
        before.classes.join(' '),
        after.classes.join(' ') || null,
        null,
      )
  }

  /** `before` and `after` have the bounds and the pattern; elements of lists have none. */
  #type(path: string, from: Type, to: Type, before: FieldType | null, after: FieldType | null): void {
    const texts = [showType(from), showType(to)] as const
    const say = (
      kind: ChangeId,
      witness: string | null,
      what = `\`${path}\` was ${texts[0]} and is ${texts[1]}`,
    ): void => this.#add(kind, path, path, what, texts[0], texts[1], witness)
    if (from.kind === 'list' && to.kind === 'list') {
      const [wasOptional, isOptional] = [from.element.kind === 'optional', to.element.kind === 'optional']
      if (wasOptional !== isOptional) say(isOptional ? 'T01' : 'T03', null)
      this.#type(`${path}[]`, inner(from.element), inner(to.element), null, null)
    } else if (from.kind === 'list') say('T08', `${path}: []`)
    else if (to.kind === 'list') say('T07', null)
    else if (from.kind === 'record' && to.kind === 'record') {
      this.fields(`${path}.`, from.fields, to.fields)
      this.#name(path, from.name, to.name)
    } else if (from.kind === 'enum' && to.kind === 'enum') {
      this.#members(path, from.members, to.members)
      if (sameType(from, to)) this.#name(path, from.name, to.name)
    } else if (from.kind === 'enum' && to.kind === 'string') {
      say('E07.opened', `${path}: "a new text"`)
      this.#memberPattern(path, from.members, after?.refinement?.pattern ?? null, 'C07.added')
    } else if (from.kind === 'string' && to.kind === 'enum') {
      say('E07.closed', `${path}: "another text"`)
      this.#memberPattern(path, to.members, before?.refinement?.pattern ?? null, 'C07.removed')
    } else if (from.kind === 'money' && to.kind === 'money') {
      if (from.currency === to.currency) this.#limits(path, before, after)
      else if (to.currency === null) say('T01', `${path}: 1 ${otherCurrency(from.currency)}`)
      else if (from.currency === null) say('T03', `${path}: 1 ${otherCurrency(to.currency)}`)
      else say('T20', `${path}: 1 ${from.currency}`)
    } else if (from.kind === to.kind) this.#limits(path, before, after)
    else if (from.kind === 'int' && to.kind === 'decimal') {
      say('T01', `${path}: 0.5`)
      this.#limits(path, before, after)
    } else if (from.kind === 'decimal' && to.kind === 'int') {
      say('T03', `${path}: 0.5`)
      this.#limits(path, before, after)
    } else if (isPercentSwap(from, to) || isPercentSwap(to, from)) say('T21', `${path}: 1`)
    else say('T06', null)
  }

  /** A pattern of the text that a member of the enum does not match. */
  #memberPattern(
    path: string,
    members: readonly string[],
    pattern: string | null,
    kind: 'C07.added' | 'C07.removed',
  ): void {
    const odd = pattern === null ? undefined : members.find(member => !patternMatches(member, pattern))
    if (odd === undefined) return
    const what = `\`${odd}\` does not match the pattern of the text that \`${path}\` ${kind === 'C07.added' ? 'is' : 'was'}`
    const [old, now] = kind === 'C07.added' ? [null, pattern] : [pattern, null]
    this.#add(kind, path, path, what, old, now, `${path}: "${odd}"`)
  }

  #name(path: string, from: string | null, to: string | null): void {
    if (from === to) return
    if (from === null || to === null) {
      const what = to === null ? `the type of \`${path}\` is written out` : `the type of \`${path}\` has the name ${to}`
      this.#add('T25', path, path, what, from, to, null)
    } else
      this.#add('T22', path, path, `the type of \`${path}\` was called ${from} and is called ${to}`, from, to, null)
  }

  #members(path: string, before: readonly string[], after: readonly string[]): void {
    const come = after.filter(member => !before.includes(member))
    const gone = before.filter(member => !after.includes(member))
    const texts = [before.join(', '), after.join(', ')] as const
    const renamed = gone.filter(member => {
      const there = after[before.indexOf(member)]
      return before.length === after.length && there !== undefined && come.includes(there)
    })
    for (const member of renamed) {
      const now = after[before.indexOf(member)] ?? ''
      this.#add(
        'E05',
        path,
        path,
        `member \`${member}\` of \`${path}\` is called \`${now}\``,
        ...texts,
        `${path}: "${member}"`,
      )
    }
    const renamedTo = renamed.map(member => after[before.indexOf(member)])
    for (const member of come)
      if (!renamedTo.includes(member))
        this.#add('E02', path, path, `\`${path}\` may be \`${member}\` now`, ...texts, `${path}: "${member}"`)
    for (const member of gone)
      if (!renamed.includes(member))
        this.#add('E04', path, path, `\`${path}\` may no longer be \`${member}\``, ...texts, `${path}: "${member}"`)
  }

  #limits(path: string, before: FieldType | null, after: FieldType | null): void {
    const [was, is] = [before?.refinement ?? null, after?.refinement ?? null]
    this.#bound(path, 'C01', was?.range?.low ?? null, is?.range?.low ?? null)
    this.#bound(path, 'C02', was?.range?.high ?? null, is?.range?.high ?? null)
    const [old, now] = [was?.pattern ?? null, is?.pattern ?? null]
    if (old === now) return
    if (old === null) this.#add('C07.added', path, path, `\`${path}\` has to match a pattern`, null, now, null)
    else if (now === null)
      this.#add('C07.removed', path, path, `\`${path}\` matches no pattern any more`, old, null, null)
    else this.#add('C07.changed', path, path, `\`${path}\` has to match another pattern`, old, now, null)
  }

  #bound(path: string, end: 'C01' | 'C02', before: Rational | null, after: Rational | null): void {
    const texts = [before && decimalText(before), after && decimalText(after)] as const
    const least = end === 'C01' ? 'least' : 'most'
    const isTighter =
      after !== null && (before === null || (end === 'C01' ? compare(after, before) > 0 : compare(after, before) < 0))
    if (before === null && after === null) return
    if (before !== null && after !== null && compare(before, after) === 0) return
    const what =
      after === null
        ? `\`${path}\` is not bound to be at ${least} ${texts[0]} any more`
        : before === null
          ? `\`${path}\` has to be at ${least} ${texts[1]}`
          : `\`${path}\` has to be at ${least} ${texts[1]}, was ${texts[0]}`
    // What lies beyond the tighter of the two bounds is fine for one side and not for the other.
    const tighter = isTighter ? after : before
    const one = fromInteger(1)
    const beyond = tighter === null ? null : end === 'C01' ? subtract(tighter, one) : add(tighter, one)
    const kind = isTighter ? (`${end}.tightened` as const) : (`${end}.relaxed` as const)
    this.#add(kind, path, path, what, ...texts, beyond && `${path}: ${decimalText(beyond)}`)
  }

  #add(
    kind: ChangeId,
    oldPath: string | null,
    newPath: string | null,
    what: string,
    before: string | null,
    after: string | null,
    witness: string | null,
  ): void {
    this.#found.push({ kind, oldPath, newPath, what, before, after, witness })
  }
}

function inner(type: Type): Type {
  return type.kind === 'optional' ? inner(type.inner) : type
}
function sameButName(a: FieldType, b: FieldType): boolean {
  return fieldKey({ ...a, name: '' }) === fieldKey({ ...b, name: '' })
}
/** The field itself and, of a record, all fields in it. */
function within({ path, field }: Edge): readonly Edge[] {
  const type = inner(field.type)
  if (type.kind !== 'record') return [{ path, field }]
  return [{ path, field }, ...type.fields.flatMap(one => within({ path: `${path}.${one.name}`, field: one }))]
}
function isMove(from: Edge, to: Edge): boolean {
  return from.path !== to.path && from.field.name === to.field.name && sameButName(from.field, to.field)
}
function isPercentSwap(from: Type, to: Type): boolean {
  return from.kind === 'percent' && (to.kind === 'decimal' || to.kind === 'int')
}
function otherCurrency(currency: string | null): string {
  return currency === 'EUR' ? 'USD' : 'EUR'
}
function fieldText(field: FieldType): string {
  const range = field.refinement?.range
  return `${showType(field.type)}${range ? ` in ${decimalText(range.low)} .. ${decimalText(range.high)}` : ''}`
}
