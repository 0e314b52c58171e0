/** The server in Node, over standard input and output or the channel of a child process: `--stdio`, `--node-ipc`, `--socket`. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { nodeHost } from './node-files.ts'
import { serve } from './server.ts'

const connection = createConnection(ProposedFeatures.all)
serve(connection, nodeHost(connection))
connection.listen()
