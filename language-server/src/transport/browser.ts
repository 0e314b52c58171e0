/** The server in a worker of a browser: messages of the worker, files from the client. */
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser'
import { clientHost } from './client-files.ts'
import { followDebug } from './debug.ts'
import { serve } from './server.ts'

const connection = createConnection(
  ProposedFeatures.all,
  new BrowserMessageReader(globalThis),
  new BrowserMessageWriter(globalThis),
)
followDebug(serve(connection, clientHost(connection, turn)), null)
connection.listen()

function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0))
}
