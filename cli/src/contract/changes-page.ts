/** docs/contract-changes.md, made from the catalogue of changes that the comparison uses (cli/write-schemas.ts writes it). */
import { type ChangeKind, changeKinds, otherKinds, type Verdict } from '@writ/engine'

/** The page as Markdown. */
export function changesPage(): string {
  const groups = Object.entries(groupTitles).flatMap(([group, title]) => {
    const rows = Object.entries<ChangeKind>(changeKinds).filter(([, kind]) => kind.group === group)
    return ['', `## ${title}`, '', head, ...rows.map(([id, kind]) => row(id, kind))]
  })
  const others = otherKinds.map(({ ids, why }) => `| ${ids} | ${why} |`)
  return `${[intro, ...groups, '', '## What is not here', '', otherIntro, '', '| kinds | why |', '|---|---|', ...others].join('\n')}\n`
}

const intro = `# Changes of contracts

Every change that \`writ contract diff\` and \`writ check\` tell apart, with its verdict. This page is made from the table that they
judge by. How contracts declare what they promise is in [contracts.md](contracts.md).

*Backward*: new readers read old events. *Forward*: old readers read new events. *Full* is the worse of the two, *none* allows
everything, and a transitive mode has the same verdict, against every earlier version. ✓ compatible; ✗ breaking; △ compatible where
what stands under *why* is made sure of; ? not decided, for readers as if it broke. *Raise* is the part of the version number that
the change asks for at least; before 1.0.0 the minor number stands for all. **D**: decisions may become others, look at a log with
\`--events\`. **P**: whoever answers for privacy has to agree.`

const otherIntro =
  'Kinds of changes that other formats know, by their ids in the same catalogue, and why contracts do not have them.'

const groupTitles: Readonly<Record<ChangeKind['group'], string>> = {
  fields: 'Fields',
  types: 'Types',
  enums: 'Enums',
  constraints: 'Constraints',
  terms: 'Terms',
  privacy: 'Privacy',
  contracts: 'Whole contracts',
}

const head =
  '| id | change | backward | forward | full | raise | | why | what to do |\n|---|---|---|---|---|---|---|---|---|'
const signs: Readonly<Record<Verdict, string>> = { compatible: '✓', breaking: '✗', conditional: '△', unclassified: '?' }
const order = '✓△?✗'

function row(id: string, kind: ChangeKind): string {
  const [backward, forward] = [signs[kind.backward], signs[kind.forward]]
  const full = order.indexOf(backward) > order.indexOf(forward) ? backward : forward
  const flags = `${kind.decisions ? 'D' : ''}${kind.privacy ? 'P' : ''}`
  const cells = [id, kind.title, backward, forward, full, kind.bump, flags, kind.reason, kind.advice]
  return `| ${cells.join(' | ')} |`
}
