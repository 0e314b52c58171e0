/** Lineage for a client's preview: the graph of the program around a file, and the node under the cursor. */
import * as z from 'zod/mini'
import { lineage, lineageNodeAt } from '../service/lineage.ts'
import {
  type LineageAtResult,
  type LineageResult,
  lineageAtRequest,
  lineageRequest,
  programChangedNotification,
} from './lineage-messages.ts'
import type { Session } from './session.ts'

const fileSchema = z.object({ uri: z.string() })
const positionSchema = z.object({ line: z.int(), character: z.int() })
const atSchema = z.object({ uri: z.string(), position: positionSchema })

export function followLineage(session: Session): void {
  const { connection, workspace } = session
  let seen: readonly unknown[] = []
  session.onChecked(() => {
    const plans = workspace.snapshots().map(({ checked: { plan } }) => plan)
    // What has errors is drawn as it was.
    if (plans.every((plan, i) => plan === null || plan === seen[i])) return
    seen = plans
    void connection.sendNotification(programChangedNotification).catch(() => undefined)
  })
  connection.onRequest(
    lineageRequest,
    session.whole((params: unknown): LineageResult => {
      const place = workspace.find(fileSchema.parse(params).uri)
      return place && lineage(place.snapshot)
    }, null),
  )
  connection.onRequest(
    lineageAtRequest,
    session.whole((params: unknown): LineageAtResult => {
      const { uri, position } = atSchema.parse(params)
      const place = workspace.find(uri)
      return place && lineageNodeAt(place.snapshot, place.path, position)
    }, null),
  )
}
