/** From a name to what it stands for and back: hover, definitions, references, highlights. */
import type { ServerCapabilities } from 'vscode-languageserver'
import { definition, highlights, implementation, references, typeDefinition } from '../service/definition.ts'
import { hover } from '../service/hover.ts'
import type { Session } from './session.ts'

export function announceNavigation(session: Session): ServerCapabilities {
  const { connection } = session
  connection.onHover(session.answer(({ snapshot, path }, { position }) => hover(snapshot, path, position), null))
  connection.onDefinition(
    session.answer(({ snapshot, path }, { position }) => [...definition(snapshot, path, position)], []),
  )
  connection.onTypeDefinition(
    session.answer(({ snapshot, path }, { position }) => [...typeDefinition(snapshot, path, position)], []),
  )
  connection.onImplementation(
    session.answer(({ snapshot, path }, { position }) => [...implementation(snapshot, path, position)], []),
  )
  connection.onReferences(
    session.answer(
      ({ snapshot, path }, { position, context }) => [
        ...references(snapshot, path, position, context.includeDeclaration),
      ],
      [],
    ),
  )
  connection.onDocumentHighlight(
    session.answer(({ snapshot, path }, { position }) => [...highlights(snapshot, path, position)], []),
  )
  return {
    hoverProvider: true,
    definitionProvider: true,
    typeDefinitionProvider: true,
    implementationProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
  }
}
