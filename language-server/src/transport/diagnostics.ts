/** Problems that the client asks for: of one document, or of all, each with the id of its result. */
import {
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type ServerCapabilities,
  type WorkspaceDiagnosticReport,
} from 'vscode-languageserver'
import type { Session } from './session.ts'

export function announceDiagnostics(session: Session): ServerCapabilities {
  if (!session.pulls) return {}
  const { diagnostics } = session.connection.languages
  const nothing: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] }
  diagnostics.on(
    session.answer(
      ({ snapshot, path }, { textDocument: { uri }, previousResultId }): DocumentDiagnosticReport => {
        const report = session.reports.of(snapshot, path, uri, session.analysed)
        if (report.id === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: report.id }
        return { kind: DocumentDiagnosticReportKind.Full, resultId: report.id, items: [...report.diagnostics] }
      },
      nothing,
      'any text',
    ),
  )
  const none: WorkspaceDiagnosticReport = { items: [] }
  diagnostics.onWorkspace(
    session.whole(({ previousResultIds }): WorkspaceDiagnosticReport => {
      const previous = new Map(previousResultIds.map(({ uri, value }) => [uri, value]))
      const items: WorkspaceDiagnosticReport['items'] = []
      for (const snapshot of session.workspace.snapshots()) {
        for (const [path, uri] of snapshot.uris) {
          const version = session.workspace.versionOf(uri)
          const { id, diagnostics } = session.reports.of(snapshot, path, uri, session.analysed)
          if (previous.get(uri) === id) {
            items.push({ kind: DocumentDiagnosticReportKind.Unchanged, uri, version, resultId: id })
          } else {
            items.push({ kind: DocumentDiagnosticReportKind.Full, uri, version, resultId: id, items: [...diagnostics] })
          }
          previous.delete(uri)
        }
      }
      // What is gone has no problems any more.
      for (const uri of previous.keys())
        items.push({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, items: [] })
      return { items }
    }, none),
  )
  return { diagnosticProvider: { identifier: 'writ', interFileDependencies: true, workspaceDiagnostics: true } }
}
