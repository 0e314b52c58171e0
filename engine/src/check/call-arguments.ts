/** The arguments of a call: which parameter each is for, and whether there are as many as needed. */
import type { CallArgument, Expression } from '@writ/grammar'
import type { Context } from './context.ts'

type Call = Extract<Expression, { readonly kind: 'call' }>

/** The arguments in the order of the parameters; a label has to be the parameter's name. */
export function placed(context: Context, e: Call, names: readonly string[], form: string): readonly CallArgument[] {
  const ordered: CallArgument[] = []
  e.arguments.forEach((argument, index) => {
    const at = argument.label ? names.indexOf(argument.label.text) : index
    if (argument.label && (at < 0 || ordered[at])) {
      context.report.add('W0307', argument.label.span, { name: e.function.text, label: argument.label.text, form })
      ordered[index] = argument
    } else ordered[at] = argument
  })
  return ordered.filter(argument => argument !== undefined)
}

/** Says how many arguments are needed. */
export function reportCount(context: Context, e: Call, expected: string, count: number, form: string): void {
  const found =
    e.arguments.length === 0 ? 'none is' : e.arguments.length === 1 ? 'only one is' : `${e.arguments.length} are`
  context.report.missing('W0306', e.span, {
    name: e.function.text,
    expected: `${expected} argument${count === 1 ? '' : 's'}`,
    found,
    form,
  })
}
