/** The server in Node, over standard input and output or the channel of a child process: `--stdio`, `--node-ipc`, `--socket`. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { nodeHost } from './node-files.ts'
import { serve } from './server.ts'
import { followSimulation } from './simulation.ts'

const connection = createConnection(ProposedFeatures.all)
const session = serve(connection, nodeHost(connection))
followSimulation(
  session,
  new URL(`./simulation-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.cjs'}`, import.meta.url),
)
connection.listen()
