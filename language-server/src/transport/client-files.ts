/** Files as the client gives them: for browsers, and for file systems that only the client knows. */

import type { Connection } from 'vscode-languageserver'
import * as z from 'zod/mini'
import type { Host } from './host.ts'
import { type FindFilesParams, findFilesRequest, type ReadFileParams, readFileRequest } from './messages.ts'

const urisSchema = z.array(z.string())
const textSchema = z.nullable(z.string())

export function clientHost(connection: Connection, turn: Host['turn']): Host {
  return {
    turn,
    findFiles: async folder => {
      const params: FindFilesParams = { folder }
      return urisSchema.parse(await ask(connection, findFilesRequest, params, []))
    },
    readFile: async uri => {
      const params: ReadFileParams = { uri }
      return textSchema.parse(await ask(connection, readFileRequest, params, null))
    },
  }
}

/** A client that does not know the request has no such files. */
function ask(connection: Connection, request: string, params: unknown, otherwise: unknown): Promise<unknown> {
  return connection.sendRequest(request, params).catch(() => otherwise)
}
