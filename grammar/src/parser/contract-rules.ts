/** Contracts, samples, and the sources that map recorded data onto contracts. */
import type { ParserMethod } from 'chevrotain'
import type {
  ContractDeclaration,
  ContractItem,
  FieldSyntax,
  FieldValue,
  MapItem,
  SampleDeclaration,
  SourceDeclaration,
  SourceItem,
} from '../syntax.ts'
import { contractBody, mapBody, sourceBody } from './clauses.ts'
import { textOf } from './literals.ts'
import { TypeRules } from './type-rules.ts'
import { AnyWord, Assign, Colon, Comma, keyword, Text, Word } from './vocabulary.ts'

export abstract class ContractRules extends TypeRules {
  protected readonly contract: ParserMethod<[], ContractDeclaration> = this.RULE(
    'contract',
    (): ContractDeclaration => {
      const documentation = this.takeDocumentation()
      const first = this.CONSUME(keyword.contract)
      const name = this.nameOf(this.CONSUME(Word))
      const version = this.OPTION(() => this.SUBRULE(this.version))
      const fields: FieldSyntax[] = []
      const items: ContractItem[] = []
      this.block(contractBody, () => {
        if (this.mending && this.LA(2).tokenType !== Colon) this.respell(contractBody)
        const item = this.SUBRULE(this.contractItem)
        if ('type' in item) fields.push(item)
        else items.push(item)
        return null
      })
      return {
        kind: 'contract',
        name,
        version: version ?? null,
        fields,
        items,
        documentation,
        span: this.spanFrom(first),
      }
    },
  )

  protected readonly sample: ParserMethod<[], SampleDeclaration> = this.RULE('sample', (): SampleDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.sample)
    const contract = this.nameOf(this.CONSUME(Word))
    const fields = this.SUBRULE(this.recordFields)
    return { kind: 'sample', contract, fields, documentation, span: this.spanFrom(first) }
  })

  protected readonly source: ParserMethod<[], SourceDeclaration> = this.RULE('source', (): SourceDeclaration => {
    const documentation = this.takeDocumentation()
    const first = this.CONSUME(keyword.source)
    const name = this.nameOf(this.CONSUME(Word))
    const items = this.block(sourceBody, () => this.SUBRULE(this.sourceItem))
    return { kind: 'source', name, items, documentation, span: this.spanFrom(first) }
  })

  private readonly contractItem: ParserMethod<[], ContractItem | FieldSyntax> = this.RULE(
    'contractItem',
    (): ContractItem | FieldSyntax => {
      const first = this.LA(1)
      return this.choose<ContractItem | FieldSyntax>([
        { GATE: () => this.LA(2).tokenType === Colon, ALT: () => this.SUBRULE(this.field) },
        {
          ALT: () => {
            this.CONSUME(keyword.owner)
            const token = this.CONSUME(Text)
            return { kind: 'owner', owner: this.ACTION(() => textOf(token, this.note)), span: this.spanFrom(first) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.compatibility)
            const mode = this.nameOf(this.CONSUME(Word))
            const transitive = this.OPTION({
              GATE: () => this.LA(2).tokenType !== Colon,
              DEF: () => this.CONSUME(keyword.transitive),
            })
            return { kind: 'compatibility', mode, transitive: transitive !== undefined, span: this.spanFrom(first) }
          },
        },
        { ALT: () => this.SUBRULE(this.check) },
        {
          ALT: () => {
            this.CONSUME(keyword.quality)
            const condition = this.SUBRULE(this.expression)
            this.CONSUME(keyword.over)
            const over = this.SUBRULE(this.duration)
            return { kind: 'quality', condition, over, span: this.spanFrom(first) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.freshness)
            return { kind: 'freshness', duration: this.SUBRULE2(this.duration), span: this.spanFrom(first) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword.retention)
            return { kind: 'retention', duration: this.SUBRULE3(this.duration), span: this.spanFrom(first) }
          },
        },
      ])
    },
  )

  /** `check CONDITION [else reject|warn ["message"]]` */
  private readonly check: ParserMethod<[], ContractItem> = this.RULE('check', (): ContractItem => {
    const first = this.CONSUME(keyword.check)
    const condition = this.SUBRULE(this.expression)
    let otherwise: 'reject' | 'warn' = 'reject'
    let message: string | null = null
    this.OPTION(() => {
      this.CONSUME(keyword.else)
      this.OR([
        { ALT: () => this.CONSUME(keyword.reject) },
        {
          ALT: () => {
            this.CONSUME(keyword.warn)
            otherwise = 'warn'
          },
        },
      ])
      this.OPTION2(() => {
        const token = this.CONSUME(Text)
        message = this.ACTION(() => textOf(token, this.note))
      })
    })
    return { kind: 'check', condition, otherwise, message, span: this.spanFrom(first) }
  })

  private readonly sourceItem: ParserMethod<[], SourceItem> = this.RULE('sourceItem', (): SourceItem => {
    const first = this.LA(1)
    return this.choose<SourceItem>([
      {
        ALT: () => {
          this.CONSUME(keyword.format)
          return { kind: 'format', format: this.nameOf(this.CONSUME(Word)), span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.files)
          const patterns: string[] = []
          this.AT_LEAST_ONE_SEP({
            SEP: Comma,
            DEF: () => {
              const token = this.CONSUME(Text)
              if (!this.RECORDING_PHASE) patterns.push(textOf(token, this.note))
            },
          })
          return { kind: 'files', patterns, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.time)
          const path = this.SUBRULE(this.postfix)
          const unit = this.OPTION(() => {
            this.CONSUME(keyword.as)
            return this.nameOf(this.CONSUME2(Word))
          })
          return { kind: 'time', path, unit: unit ?? null, span: this.spanFrom(first) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword.lateness)
          const duration = this.SUBRULE(this.duration)
          const mode = this.OPTION2({
            GATE: () => !this.startsLine(this.LA(1)) && !sourceBody.words.includes(this.LA(1).image),
            DEF: () => this.nameOf(this.CONSUME3(Word)),
          })
          return { kind: 'lateness', duration, mode: mode ?? null, span: this.spanFrom(first) }
        },
      },
      { ALT: () => this.SUBRULE(this.map) },
    ])
  })

  /** `map CONTRACT [when CONDITION] { field = value … }` */
  private readonly map: ParserMethod<[], MapItem> = this.RULE('map', (): MapItem => {
    const first = this.CONSUME(keyword.map)
    const contract = this.nameOf(this.CONSUME(Word))
    const when = this.OPTION(() => {
      this.CONSUME(keyword.when)
      return this.SUBRULE(this.expression)
    })
    const fields = this.block(mapBody, () => this.SUBRULE(this.mapField))
    return { kind: 'map', contract, when: when ?? null, fields, span: this.spanFrom(first) }
  })

  private readonly mapField: ParserMethod<[], FieldValue> = this.RULE('mapField', (): FieldValue => {
    const first = this.CONSUME(AnyWord)
    this.OR([{ ALT: () => this.CONSUME(Assign) }, { ALT: () => this.note(this.wrongSign(this.CONSUME(Colon), '=')) }])
    const value = this.SUBRULE(this.expression)
    this.OPTION(() => this.CONSUME(Comma))
    return { name: this.nameOf(first), value, span: this.spanFrom(first) }
  })
}
