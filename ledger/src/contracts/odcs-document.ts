/**
 * The parts of an Open Data Contract Standard document (v3.0 and v3.1) that contracts of Writ have something to do with, as zod
 * schemas: what comes from outside is checked here and is typed data behind it. Everything else in a document stays readable, so
 * that the importer can tell it as a loss.
 */
import * as z from 'zod/mini'

const text = z.nullish(z.string())
const customProperties = z.nullish(z.array(z.looseObject({ property: z.string(), value: z.optional(z.unknown()) })))

const quality = z.looseObject({
  type: text,
  metric: text,
  arguments: z.nullish(z.record(z.string(), z.unknown())),
  mustBe: z.optional(z.unknown()),
  unit: text,
  engine: text,
  implementation: z.optional(z.unknown()),
})

const element = {
  name: z.string().check(z.minLength(1)),
  description: text,
  quality: z.nullish(z.array(quality)),
  customProperties,
}

const propertyMembers = {
  logicalType: text,
  logicalTypeOptions: z.nullish(z.record(z.string(), z.unknown())),
  required: z.nullish(z.boolean()),
  primaryKey: z.nullish(z.boolean()),
  classification: text,
}

/** Properties nest; they are checked one level at a time (odcs-import.ts). */
export const propertySchema = z.looseObject({
  ...element,
  ...propertyMembers,
  items: z.nullish(z.record(z.string(), z.unknown())),
  properties: z.nullish(z.array(z.unknown())),
})
/** As a property, but `items` have no name. */
export const itemSchema = z.looseObject({
  ...element,
  ...propertyMembers,
  name: text,
  items: z.nullish(z.record(z.string(), z.unknown())),
  properties: z.nullish(z.array(z.unknown())),
})

export const documentSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.literal('DataContract'),
  id: z.string(),
  version: z.union([z.string(), z.number()]),
  status: text,
  name: text,
  description: z.nullish(z.looseObject({ purpose: text })),
  team: z.nullish(z.union([z.looseObject({ name: text }), z.array(z.unknown())])),
  schema: z.nullish(z.array(z.looseObject({ ...element, properties: z.nullish(z.array(z.unknown())) }))),
  slaProperties: z.nullish(
    z.array(
      z.looseObject({
        property: z.string(),
        value: z.nullish(z.union([z.string(), z.number(), z.boolean()])),
        unit: text,
        element: text,
      }),
    ),
  ),
  customProperties,
})

export type OdcsDocument = z.infer<typeof documentSchema>
export type OdcsProperty = z.infer<typeof itemSchema>
export type OdcsQuality = z.infer<typeof quality>
export type OdcsCustomProperties = z.infer<typeof customProperties>

/** What the language needs and the standard has no word for stands in `customProperties` under these names. */
export const own = {
  module: 'writModule',
  compatibility: 'writCompatibility',
  type: 'writType',
  marks: 'writMarks',
  classes: 'writClasses',
} as const
/** The engine of quality rules that are items of a contract (`check …`, `quality …`). */
export const ownEngine = 'writ'
