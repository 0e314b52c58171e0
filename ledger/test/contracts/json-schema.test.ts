/** JSON Schemas as contracts: what has an equivalent, what has none and is told, references, circles and sizes. */
import { check } from '@writ/engine'
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { importJsonSchema, isUnreadable } from '../../src/contracts/index.ts'

test('types, bounds, lists and records', () => {
  const { text, losses } = imports({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Order placed',
    description: 'Somebody ordered.',
    type: 'object',
    required: ['id', 'at', 'lines', 'state', 'since'],
    properties: {
      id: { type: 'string', minLength: 3, description: 'Who it is.' },
      at: { type: 'string', format: 'date-time' },
      state: { enum: ['open', 'closed'] },
      size: { enum: ['extra large', 'small'] },
      risk: { type: 'number', minimum: 0, maximum: 1 },
      count: { type: 'integer', exclusiveMinimum: 0 },
      nickname: { type: ['string', 'null'], pattern: '^[a-z]+$' },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      since: { type: 'integer', minimum: 1 },
      home: {
        type: 'object',
        required: ['city'],
        properties: { city: { type: 'string' }, zip: { type: 'string', maxLength: 5 } },
      },
      lines: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['sku'],
          properties: { sku: { type: 'string' }, n: { type: 'integer', minimum: 1, maximum: 9 } },
        },
      },
    },
  })
  expect(text).toBe(`module order

// Imported from order.schema.json, JSON Schema 2020-12.

/// Somebody ordered.
contract OrderPlaced {
  /// Who it is.
  id        : String
  at        : Time
  state     : enum { open, closed }
  size      : String?
  risk      : Decimal? in 0 .. 1
  count     : Int?
  nickname  : String? matches "[a-z]+"
  note      : String?
  since     : Int
  home      : { city: String, zip: String? }?
  lines     : List<{ sku: String, n: Int? in 1 .. 9 }>
  check length(id) >= 3
  check size is absent or size in ["extra large", "small"]
  check count is absent or count > 0
  check it.since >= 1
  check home is absent or home.zip is absent or length(home.zip) <= 5
  check size(lines) >= 1
}
`)
  expect(losses.map(({ path, what }) => `${path} ${what}`)).toEqual([])
  expect(errorsOf(text)).toEqual([])
})

test('references and allOf in draft-07', () => {
  const { text, losses } = imports({
    $schema: 'http://json-schema.org/draft-07/schema#',
    definitions: {
      money: { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } },
      base: { properties: { id: { type: 'string' } }, required: ['id'] },
    },
    allOf: [{ $ref: '#/definitions/base' }],
    type: 'object',
    properties: { price: { $ref: '#/definitions/money', description: 'What it costs.' } },
  })
  expect(text).toContain('  id     : String\n')
  expect(text).toContain('  /// What it costs.\n  price  : { amount: Decimal }?\n')
  expect(losses).toEqual([])
})

test('a schema of definitions gives a contract for each object', () => {
  const object = { type: 'object', properties: { a: { type: 'boolean' } } }
  expect(imports({ $defs: { 'order-placed': object, Size: { enum: ['s'] }, Shipped: object } }).contracts).toEqual([
    'OrderPlaced',
    'Shipped',
  ])
})

describe('what has no equivalent is told with its place', () => {
  test.each([
    [
      { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      '#/properties/a: does not say its type; here it is a String',
    ],
    [{ oneOf: [{ type: 'string' }, { type: 'integer' }] }, '#/properties/a/oneOf: has no equivalent in a contract'],
    [
      { type: 'object', properties: {}, additionalProperties: { type: 'string' } },
      '#/properties/a/additionalProperties: has no equivalent in a contract',
    ],
    [
      { type: 'array', prefixItems: [{ type: 'string' }] },
      '#/properties/a/prefixItems: has no equivalent in a contract',
    ],
    [
      { type: 'array', items: { type: 'string', minLength: 2 } },
      '#/properties/a[]: no check can say of elements that `length(a) >= 2`',
    ],
    [
      { $ref: 'https://example.com/x.json' },
      '#/properties/a: refers to https://example.com/x.json, which is not in the document; it is left out',
    ],
    [{ $ref: '#' }, '#/properties/a/properties/a: refers to itself, and types are finite here; it is left out'],
    [{ type: 'string', format: 'email' }, '#/properties/a/format: has no equivalent in a contract'],
    [{ type: 'string', pattern: '(?<!x)y' }, '#/properties/a: has a pattern that cannot be said here'],
    [{ type: 'integer', default: 3 }, '#/properties/a/default: has no equivalent in a contract'],
    [{ type: 'null' }, '#/properties/a: is of the type null; here it is a String'],
  ])('%j', (schema, told) => {
    const { losses, text } = imports({ type: 'object', properties: { a: schema } })
    expect(
      losses.map(({ path, what }) => `${path}: ${what}`).some(line => line.startsWith(told)),
      JSON.stringify(losses),
    ).toBe(true)
    expect(errorsOf(text)).toEqual([])
  })
})

test.each([
  ['no object', '[1]', 'it is no JSON Schema'],
  [
    'another draft',
    '{"$schema": "http://json-schema.org/draft-04/schema#"}',
    '2020-12, 2019-09 and draft-07 can be read',
  ],
  ['nothing in it', '{"type": "string"}', 'neither the schema nor one of its definitions describes an object'],
])('%s is refused', (_, text, why) => {
  const read = importJsonSchema(text, 'a.json')
  expect(isUnreadable(read) ? read.unreadable : 'read').toContain(why)
})

test('references that multiply end', () => {
  const level = (n: number) => ({
    type: 'object',
    properties: Object.fromEntries(['p', 'q', 'r'].map(name => [name, { $ref: `#/$defs/d${n + 1}` }])),
  })
  const $defs = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`d${n}`, level(n)]))
  const { losses, text } = imports({ $ref: '#/$defs/d0', $defs })
  expect(losses.map(({ what }) => what)).toContain('describes too much; the rest is left out')
  expect(text.length).toBeLessThan(1_000_000)
})

test('names that would break out are names or gone', () => {
  const { text } = imports({
    type: 'object',
    title: 'x } policy p {',
    description: 'a\n*/ policy q {\u2028}',
    properties: { 'b } c': { type: 'string', description: 'd\r\n}' }, __proto__x: { enum: ['"', '\\', '\n{'] } },
  })
  expect(errorsOf(text)).toEqual([])
  expect(parse('a.writ', text).declarations.map(({ syntax }) => syntax.kind)).toEqual(['module', 'contract'])
})

function imports(schema: object) {
  const read = importJsonSchema(JSON.stringify(schema), 'order.schema.json')
  if (isUnreadable(read)) throw new Error(read.unreadable)
  return read
}
function errorsOf(text: string): readonly string[] {
  const { problems } = check([parse('a.writ', text)])
  return problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)
}
