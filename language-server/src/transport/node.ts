/** The server in Node, over standard input and output or the channel of a child process: `--stdio`, `--node-ipc`, `--socket`. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { followHistory } from './history.ts'
import { nodeHost } from './node-files.ts'
import { serve } from './server.ts'
import { followSimulation } from './simulation.ts'

const connection = createConnection(ProposedFeatures.all)
const session = serve(connection, nodeHost(connection))
followSimulation(session, thread('simulation'))
followHistory(session, thread('history'))
connection.listen()

function thread(name: string): URL {
  return new URL(`./${name}-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.cjs'}`, import.meta.url)
}
