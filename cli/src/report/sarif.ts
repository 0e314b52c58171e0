/**
 * Problems as SARIF 2.1.0 (Static Analysis Results Interchange Format, OASIS), for code scanning: one run, the codes that
 * occur as its rules, fixes as replacements. Artifact addresses are relative to where the command was started.
 */
import type { FileProblem } from '@writ/engine'
import { type ProblemKind, problemCatalogue, type Severity } from '@writ/grammar'
import { version } from '../places.ts'
import { type SourceTexts, shownPath } from '../workspace.ts'
import { type JsonPlace, placesIn } from './problem-json.ts'

export function sarif(problems: readonly FileProblem[], sources: SourceTexts): object {
  const places = placesIn(sources)
  const catalogue = new Map<string, ProblemKind>(Object.entries(problemCatalogue))
  const codes = [...new Set(problems.map(problem => problem.code))].sort()
  const location = (place: JsonPlace) => ({
    artifactLocation: artifact(sources.shown, place.file),
    region: region(place),
  })
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'writ',
            version: version(),
            rules: codes.map(code => ({
              id: code,
              shortDescription: { text: catalogue.get(code)?.title ?? code },
              fullDescription: { text: catalogue.get(code)?.message ?? code },
              help: { text: `writ explain ${code}`, markdown: `Page: docs/problems/${code}.md` },
              defaultConfiguration: { level: level(catalogue.get(code)?.severity ?? 'error') },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: problems.map(problem => ({
          ruleId: problem.code,
          ruleIndex: codes.indexOf(problem.code),
          level: level(problem.severity),
          message: { text: problem.message },
          locations: [{ physicalLocation: location(places(problem.path, problem.span)) }],
          ...(problem.related.length === 0
            ? {}
            : {
                relatedLocations: problem.related.map((related, id) => ({
                  id,
                  message: { text: related.message },
                  physicalLocation: location(places(related.path, related.span)),
                })),
              }),
          ...(problem.fixes.length === 0
            ? {}
            : {
                fixes: problem.fixes.map(fix => ({
                  description: { text: fix.title },
                  artifactChanges: [
                    {
                      artifactLocation: artifact(sources.shown, problem.path),
                      replacements: fix.edits.map(edit => ({
                        deletedRegion: region(places(problem.path, edit.span)),
                        insertedContent: { text: edit.text },
                      })),
                    },
                  ],
                })),
              }),
        })),
      },
    ],
  }
}

function artifact(shown: string, file: string): object {
  const path = shownPath(shown, file).replaceAll('\\', '/')
  return { uri: path.split('/').map(encodeURIComponent).join('/') }
}
function region(place: JsonPlace): object {
  return {
    startLine: place.line,
    startColumn: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
  }
}
function level(severity: Severity): 'error' | 'warning' | 'note' {
  switch (severity) {
    case 'error':
    case 'warning':
      return severity
    case 'information':
    case 'hint':
      return 'note'
  }
}
