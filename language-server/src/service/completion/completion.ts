/**
 * Completion: what may stand at the cursor. Where the cursor is in the tree decides which names are offered (situation.ts says where);
 * names of other modules come with the edit of the `use` that brings them in. Descriptions are made when an item is looked at.
 */
import type { SyntaxNode } from '@writ/grammar'
import type { CompletionItem, Position } from 'vscode-languageserver-types'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { describe, markdown } from '../describe.ts'
import { type CompletionData, Offers } from './offers.ts'
import { type Situation, seenAt, situationAt } from './situation.ts'
import { clauseSkeletons, declarationSkeletons, operatorWords } from './snippets.ts'

/** Items for the place; the client filters them by what is typed. */
export function completion(snapshot: Snapshot, path: string, position: Position): readonly CompletionItem[] {
  const situation = situationAt(snapshot, path, position)
  if (!situation) return []
  const offers = new Offers(snapshot, situation)
  offerAt(situation, offers)
  return offers.items
}

/** The item with its documentation. */
export function resolvedCompletion(
  snapshot: Snapshot,
  item: CompletionItem,
  { symbol }: CompletionData,
): CompletionItem {
  return { ...item, documentation: { kind: 'markdown', value: markdown(describe(snapshot, symbol)) } }
}

function offerAt(situation: Situation, offers: Offers): void {
  const { unit, nodes, before } = situation
  if (!unit) {
    offers.skeletons(declarationSkeletons)
    return
  }
  const parent = nodes.at(-2)
  const name = nodes.at(-1)
  const word = /^(?:\s|\/\/[^\n]*\n)*([a-z]+)/.exec(unit.placed.text)?.[1] ?? ''
  if (parent && name && offerName(situation, offers, parent, name)) return
  if (offerOpenFields(before, offers)) return
  const previous = /([a-z_]+)\s*$/.exec(before)?.[1] ?? ''
  if (offerBehind(situation, offers, previous, word)) return
  const seen = seenAt(situation)
  if (seen) {
    offers.values(seen)
    return
  }
  if (depthOf(before) === 0) offers.skeletons(declarationSkeletons)
  else {
    offers.skeletons(clauseSkeletons[word] ?? [])
    if (word === 'contract' || word === 'type') offers.types()
    if (/[=(<>,]\s*$|\b(?:when|where|and|or|not|else|if)\s*$/.test(before)) offers.names(() => true)
    else if (!situation.freshLine) offers.words(operatorWords)
  }
}

/** By what the word is in the tree; false where that does not tell. */
function offerName(situation: Situation, offers: Offers, parent: SyntaxNode, name: SyntaxNode): boolean {
  const is = (member: string): boolean =>
    member in parent && Object.entries(parent).some(([key, value]) => key === member && value === name)
  const has = (member: string): boolean =>
    Object.entries(parent).some(([key, value]) => key === member && Array.isArray(value) && value.includes(name))
  switch (parent.kind) {
    case 'member':
      if (!is('member')) return false
      offers.members(situation, parent)
      return true
    case 'name': {
      const seen = seenAt(situation)
      if (seen) offers.values(seen)
      return seen !== null
    }
    case 'named-type':
      offers.types()
      return true
    case 'use':
      if (is('module')) offers.modules()
      return true
    case 'on':
      if (has('contracts')) offers.names(kind => kind === 'contract')
      return true
    case 'layer':
      offers.layers()
      return true
    case 'combine':
      offers.words(['strictest', 'first', 'permit_overrides'])
      return true
    case 'mode':
      offers.words(['enforce', 'shadow'])
      return true
    case 'format':
      offers.words(['ndjson', 'json', 'csv', 'chat', 'cloudtrail'])
      return true
    case 'compatibility':
      offers.words(['backward', 'forward', 'full', 'none'])
      return true
    case 'given':
    case 'map':
    case 'sample':
    case 'table':
      if (!is('contract')) return has('keys') ? offers.fieldsAround(situation, false) : false
      offers.names(kind => kind === 'contract')
      return true
    case 'approve':
    case 'expect-approval':
      if (!is('role')) return false
      offers.names(kind => kind === 'role')
      return true
    case 'expect-decision':
    case 'expect-status':
      if (!is('rule')) return false
      offers.rules()
      return true
    case 'rule':
      if (is('policy')) offers.names(kind => kind === 'policy')
      else if (is('rule')) offers.rules()
      return true
    case 'role':
      if (!is('table')) return false
      offers.names(kind => kind === 'table')
      return true
    case undefined:
      return offerInPart(situation, offers, parent, is)
    default:
      return false
  }
}

/** In a part of the tree without a kind of its own: a pattern, a stage, a key, a value of a field, an obligation. */
function offerInPart(
  situation: Situation,
  offers: Offers,
  parent: SyntaxNode,
  is: (member: string) => boolean,
): boolean {
  if ('quorum' in parent && is('role')) {
    offers.names(kind => kind === 'role')
    return true
  }
  if ('where' in parent && is('contract')) {
    offers.names(kind => kind === 'contract')
    return true
  }
  if ('verb' in parent) {
    if (is('target') || is('verb')) offers.sinks()
    return is('target') || is('verb')
  }
  if ('modifiers' in parent) return true
  if ('alias' in parent && is('name')) {
    offers.namesOfModule(situation)
    return true
  }
  if ('value' in parent && is('name')) return offers.fieldsAround(situation, true)
  return false
}

/** In the braces of a step, a sample or a map, where a field without its value is no part of the tree. */
function offerOpenFields(before: string, offers: Offers): boolean {
  const open = /\b(given|sample|map)\s+(\w+)[^{}]*\{([^{}]*)$/.exec(before)
  if (!open) return false
  const [, word, contract = '', given = ''] = open
  const sign = word === 'map' ? '=' : ':'
  // Behind the sign of the last field stands its value.
  if (new RegExp(`${sign}\\s*$`).test(given)) return false
  const taken = new Set([...given.matchAll(/(\w+)\s*[:=]/g)].map(match => match[1] ?? ''))
  return offers.fieldsOf(contract, taken, word === 'map' ? ' = ' : ': ')
}

/** By the word before, where the tree does not tell because something is missing. */
function offerBehind(situation: Situation, offers: Offers, previous: string, declaration: string): boolean {
  switch (previous) {
    case 'of':
    case 'on':
    case 'after':
    case 'given':
    case 'map':
    case 'sample':
    case 'exists':
    case 'since':
      offers.names(kind => kind === 'contract')
      return true
    case 'from':
      offers.names(kind => kind === (declaration === 'table' ? 'contract' : 'role'))
      return true
    case 'by':
      if (declaration === 'test') offers.rules()
      else offers.fieldsAround(situation, false)
      return true
    case 'use':
      offers.modules()
      return true
    case 'layer':
      offers.layers()
      return true
    case 'default':
      offers.words(['permit', 'warn', 'hold', 'deny'])
      return true
    case 'combine':
      offers.words(['strictest', 'first', 'permit_overrides'])
      return true
    case 'expect':
      offers.words([
        'permit',
        'warn',
        'hold',
        'deny',
        'approval from',
        'then',
        'problem',
        'pending',
        'fulfilled',
        'breached',
      ])
      offers.names(kind => kind === 'contract')
      return true
    case 'per':
      offers.words(['hour', 'day', 'week', 'month'])
      return true
    case 'is':
      offers.words(['present', 'absent'])
      return true
    case 'accepts':
      offers.classes()
      return true
    default:
      return false
  }
}

function depthOf(text: string): number {
  const plain = text.replace(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*/g, '')
  return plain.split('{').length - plain.split('}').length
}
