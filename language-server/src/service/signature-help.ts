/** The parameters of the call around a place, while its arguments are being written: read from the text, because it is not whole yet. */
import { builtinNamed, showType } from '@writ/engine/editor'
import type { ParameterInformation, Position, SignatureHelp } from 'vscode-languageserver-types'
import { surroundingsOf } from '../names/surroundings.ts'
import { declarationAt, offsetAt, type Snapshot } from '../workspace/snapshot.ts'

interface OpenCall {
  readonly name: string
  readonly argument: number
  /** `keep` of `mask(s, keep: …`. */
  readonly label: string | null
}

export function signatureHelp(snapshot: Snapshot, path: string, position: Position): SignatureHelp | null {
  const file = snapshot.files.get(path)
  if (!file) return null
  const offset = offsetAt(snapshot, path, position)
  const placed = declarationAt(file, offset)
  const call = placed && openCall(placed.text.slice(0, offset - placed.start))
  if (!placed || !call) return null
  const known = signature(snapshot, path, placed.start, call.name)
  if (!known) return null
  const labelled = known.parameters.findIndex(({ name }) => name === call.label)
  const active = labelled >= 0 ? labelled : Math.min(call.argument, Math.max(0, known.parameters.length - 1))
  const parameters = known.parameters.map(
    ({ name, detail }): ParameterInformation => ({ label: name, documentation: detail }),
  )
  const documentation = known.documentation === null ? {} : { documentation: known.documentation }
  return {
    signatures: [{ label: known.form, parameters, ...documentation }],
    activeSignature: 0,
    activeParameter: active,
  }
}

interface Known {
  readonly form: string
  readonly documentation: string | null
  readonly parameters: readonly { readonly name: string; readonly detail: string }[]
}

function signature(snapshot: Snapshot, path: string, start: number, name: string): Known | null {
  const around = surroundingsOf(snapshot)
  const unit = around.unitsAt(path).find(({ placed }) => placed.start === start)
  const home = unit && around.declared(unit, name)
  const declared = home?.signature?.value
  if (home?.syntax.kind === 'define' && declared?.kind === 'define') {
    const parameters = declared.parameters.map(each => ({ name: each.name, detail: showType(each.type) }))
    const list = parameters.map(({ name, detail }) => `${name}: ${detail}`).join(', ')
    const form = `${name}(${list}): ${showType(declared.result)}`
    return { form, documentation: home.syntax.documentation, parameters }
  }
  if (home?.syntax.kind === 'table' && declared?.kind === 'table') {
    const parameters = declared.keys.map(key => ({ name: key.name, detail: showType(key.type) }))
    const list = parameters.map(({ name, detail }) => `${name}: ${detail}`).join(', ')
    return { form: `${name}(${list})`, documentation: home.syntax.documentation, parameters }
  }
  const builtin = builtinNamed(name)?.builtin
  if (!builtin) return null
  const parameters = builtin.parameters.map(each => ({ name: each.name, detail: each.takes.words }))
  return { form: builtin.form, documentation: builtin.summary, parameters }
}

/** The innermost call that is open at the end of `text`. */
function openCall(text: string): OpenCall | null {
  const open: { name: string | null; argument: number; from: number }[] = []
  const tokens = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|([A-Za-z_]\w*)\s*\(|[()[\]{},]/g
  for (const match of text.matchAll(tokens)) {
    const [token, name] = match
    const last = open.at(-1)
    if (name !== undefined) open.push({ name, argument: 0, from: match.index + token.length })
    else if (token === '(' || token === '[' || token === '{') open.push({ name: null, argument: 0, from: 0 })
    else if (token === ')' || token === ']' || token === '}') open.pop()
    else if (token === ',' && last) {
      last.argument++
      last.from = match.index + 1
    }
  }
  const call = open.at(-1)
  if (!call || call.name === null) return null
  const label = /^\s*([A-Za-z_]\w*)\s*:/.exec(text.slice(call.from))?.[1] ?? null
  return { name: call.name, argument: call.argument, label }
}
