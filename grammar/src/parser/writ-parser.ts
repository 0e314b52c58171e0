/** The whole grammar: every declaration, and the two ways in (a declaration, and an expression inside a text). */
import type { ParserMethod } from 'chevrotain'
import { declarationWords } from '../keywords.ts'
import type {
  Declaration,
  DefineDeclaration,
  Expression,
  ModuleDeclaration,
  Parameter,
  TypeDeclaration,
  TypeExpression,
  UseDeclaration,
  UsedName,
} from '../syntax.ts'
import { TestRules } from './test-rules.ts'
import {
  Assign,
  Colon,
  Comma,
  keyword,
  LeftBrace,
  LeftParenthesis,
  RightBrace,
  RightParenthesis,
  Word,
} from './vocabulary.ts'

/** What a top-level declaration begins with; for messages and suggestions. */
const topLevel = { expected: 'a declaration such as `policy`, `contract`, `define` or `test`', words: declarationWords }

export class WritParser extends TestRules {
  constructor(options: { readonly validate: boolean }) {
    super(options)
    this.performSelfAnalysis()
  }

  private readonly module: ParserMethod<[], ModuleDeclaration> = this.RULE('module', (): ModuleDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.module)
    const name = this.dottedName()
    return { kind: 'module', name, documentation, span: this.spanFrom(first) }
  })

  private readonly use: ParserMethod<[], UseDeclaration> = this.RULE('use', (): UseDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.use)
    const module = this.dottedName()
    const open = this.CONSUME(LeftBrace)
    const names: UsedName[] = []
    let more = true
    this.MANY2({
      GATE: () => more,
      DEF: () => {
        names.push(this.SUBRULE(this.usedName))
        more = this.OPTION(() => this.CONSUME(Comma)) !== undefined
      },
    })
    this.close(open, RightBrace, '`,` or `}`')
    return { kind: 'use', module, names, documentation, span: this.spanFrom(first) }
  })

  private readonly usedName: ParserMethod<[], UsedName> = this.RULE('usedName', (): UsedName => {
    const first = this.CONSUME(Word)
    const alias = this.OPTION(() => {
      this.CONSUME(keyword.as)
      return this.nameOf(this.CONSUME2(Word))
    })
    return { name: this.nameOf(first), alias: alias ?? null, span: this.spanFrom(first) }
  })

  private readonly type: ParserMethod<[], TypeDeclaration> = this.RULE('type', (): TypeDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.type)
    const name = this.nameOf(this.CONSUME(Word))
    this.CONSUME(Assign)
    const type = this.mend<TypeExpression>(
      () => this.SUBRULE(this.typeExpression),
      span => ({ kind: 'missing-type', span }),
    )
    return { kind: 'type', name, type, documentation, span: this.spanFrom(first) }
  })

  /** `define NAME[(parameters)] [: Type] = EXPRESSION` */
  private readonly define: ParserMethod<[], DefineDeclaration> = this.RULE('define', (): DefineDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.define)
    const name = this.nameOf(this.CONSUME(Word))
    const parameters: Parameter[] = []
    this.OPTION(() => {
      const open = this.CONSUME(LeftParenthesis)
      let more = true
      this.MANY({
        GATE: () => more,
        DEF: () => {
          parameters.push(this.SUBRULE(this.parameter))
          more = this.OPTION2(() => this.CONSUME(Comma)) !== undefined
        },
      })
      this.close(open, RightParenthesis)
    })
    const result = this.OPTION3(() => {
      this.CONSUME(Colon)
      return this.SUBRULE(this.typeExpression)
    })
    this.CONSUME(Assign)
    const body = this.mend<Expression>(
      () => this.SUBRULE(this.expression),
      span => ({ kind: 'missing', span }),
    )
    return { kind: 'define', name, parameters, result: result ?? null, body, documentation, span: this.spanFrom(first) }
  })

  private readonly parameter: ParserMethod<[], Parameter> = this.RULE('parameter', (): Parameter => {
    const first = this.CONSUME(Word)
    this.CONSUME(Colon)
    const type = this.SUBRULE(this.typeExpression)
    return { name: this.nameOf(first), type, span: this.spanFrom(first) }
  })

  /** One top-level declaration; null where nothing could be made of it. */
  readonly declaration: ParserMethod<[], Declaration | null> = this.RULE('declaration', (): Declaration | null => {
    this.respell(topLevel)
    const declaration = this.mend<Declaration | null>(
      () =>
        this.choose<Declaration>([
          { ALT: () => this.SUBRULE(this.module) },
          { ALT: () => this.SUBRULE(this.use) },
          { ALT: () => this.SUBRULE(this.type) },
          { ALT: () => this.SUBRULE(this.contract) },
          { ALT: () => this.SUBRULE(this.source) },
          { ALT: () => this.SUBRULE(this.sample) },
          { ALT: () => this.SUBRULE(this.role) },
          { ALT: () => this.SUBRULE(this.table) },
          { ALT: () => this.SUBRULE(this.define) },
          { ALT: () => this.SUBRULE(this.policy) },
          { ALT: () => this.SUBRULE(this.layers) },
          { ALT: () => this.SUBRULE(this.rollout) },
          { ALT: () => this.SUBRULE(this.exception) },
          { ALT: () => this.SUBRULE(this.indicator) },
          { ALT: () => this.SUBRULE(this.objective) },
          { ALT: () => this.SUBRULE(this.sink) },
          { ALT: () => this.SUBRULE(this.test) },
          { ALT: () => this.SUBRULE(this.property) },
        ]),
      () => null,
    )
    if (this.mending) this.skipRest()
    return declaration
  })

  /** The expression in a `{…}` of a text. */
  readonly hole: ParserMethod<[], Expression> = this.RULE('hole', (): Expression => {
    const value = this.mend<Expression>(
      () => this.SUBRULE(this.expression),
      span => ({ kind: 'missing', span }),
    )
    if (this.mending) this.skipRest()
    return value
  })
}
