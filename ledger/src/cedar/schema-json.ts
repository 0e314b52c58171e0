/** A Cedar schema from its JSON form. */
import { z } from 'zod'
import type { CedarSchema } from './schema.ts'
import { type DeclaredNamespace, type NamedField, type NamedType, resolved } from './schema-names.ts'
import { CedarError } from './tokens.ts'

type Json = z.infer<typeof typeForm>
const typeForm = z.looseObject({
  type: z.string(),
  name: z.optional(z.string()),
  required: z.optional(z.boolean()),
  get element(): z.ZodOptional<z.ZodUnknown> {
    return z.optional(z.unknown())
  },
  attributes: z.optional(z.record(z.string(), z.unknown())),
})
const namespaceForm = z.looseObject({
  commonTypes: z.optional(z.record(z.string(), typeForm)),
  entityTypes: z.optional(z.record(z.string(), z.looseObject({ shape: z.optional(typeForm) }))),
  actions: z.optional(
    z.record(
      z.string(),
      z.looseObject({
        memberOf: z.optional(z.nullable(z.array(z.looseObject({ id: z.string(), type: z.optional(z.string()) })))),
        appliesTo: z.optional(
          z.nullable(
            z.looseObject({
              principalTypes: z.optional(z.nullable(z.array(z.string()))),
              resourceTypes: z.optional(z.nullable(z.array(z.string()))),
              context: z.optional(z.nullable(typeForm)),
            }),
          ),
        ),
      }),
    ),
  ),
})
const schemaForm = z.record(z.string(), namespaceForm)

/** Throws a CedarError where it is no such schema. */
export function parseSchemaJson(text: string): CedarSchema {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new CedarError('it is no JSON', 0)
  }
  const read = schemaForm.safeParse(json)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new CedarError(`${(issue?.path ?? []).join('.')}: ${issue?.message ?? 'it is no schema'}`, 0)
  }
  return resolved(Object.entries(read.data).map(([name, declared]) => namespaceOf(name, declared)))
}

function namespaceOf(name: string, declared: z.infer<typeof namespaceForm>): DeclaredNamespace {
  const types = Object.entries(declared.commonTypes ?? {}).map(([own, type]) => [own, typeOf(type, 0)] as const)
  const entities = Object.entries(declared.entityTypes ?? {}).map(
    ([own, { shape }]) => [own, shape ? typeOf(shape, 0) : null] as const,
  )
  const actions = Object.entries(declared.actions ?? {}).map(([id, { memberOf, appliesTo }]) => ({
    id,
    groups: (memberOf ?? []).map(group => ({ type: group.type ?? null, id: group.id })),
    applies: appliesTo
      ? {
          principals: appliesTo.principalTypes ?? [],
          resources: appliesTo.resourceTypes ?? [],
          context: appliesTo.context ? typeOf(appliesTo.context, 0) : null,
        }
      : null,
  }))
  return { name, types: new Map(types), entities: new Map(entities), actions }
}

const mostDepth = 60

function typeOf({ type, name, element, attributes }: Json, depth: number): NamedType {
  if (depth > mostDepth) throw new CedarError('types are nested too deeply', 0)
  const inner = (value: unknown): { readonly type: NamedType; readonly required: boolean } => {
    const read = typeForm.safeParse(value)
    if (!read.success) throw new CedarError('a type has a member "type"', 0)
    return { type: typeOf(read.data, depth + 1), required: read.data.required !== false }
  }
  switch (type) {
    case 'Set':
      return { kind: 'set', element: inner(element).type }
    case 'Record': {
      const fields = Object.entries(attributes ?? {}).map(
        ([own, value]): NamedField => ({ name: own, ...inner(value) }),
      )
      return { kind: 'record', fields }
    }
    case 'Entity':
      return { kind: 'entity', name: name ?? '', at: 0 }
    case 'Extension':
    case 'EntityOrCommon':
      return { kind: 'name', name: name ?? '', at: 0 }
    default:
      return { kind: 'name', name: type, at: 0 }
  }
}
