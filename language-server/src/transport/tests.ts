/** Tests for the client's test explorer: where they are, and running them. */
import * as z from 'zod/mini'
import { testCoverage } from '../service/coverage.ts'
import { testLocations, testOutcomes } from '../service/tests.ts'
import {
  type CoverageResult,
  coverageRequest,
  type RunTestsResult,
  runTestsRequest,
  type TestsResult,
  testsRequest,
} from './messages.ts'
import type { Session } from './session.ts'

const testsSchema = z.object({ uri: z.optional(z.string()) })
const runSchema = z.object({ uri: z.string(), titles: z.optional(z.array(z.string())) })

const coverageSchema = z.object({ tests: z.array(z.object({ uri: z.string(), titles: z.array(z.string()) })) })

export function followTests(session: Session): void {
  const { connection, workspace } = session
  connection.onRequest(
    testsRequest,
    session.whole((params: unknown): TestsResult => {
      const { uri } = testsSchema.parse(params ?? {})
      if (uri === undefined) {
        return workspace
          .snapshots()
          .flatMap(snapshot => [...snapshot.files.keys()].flatMap(path => testLocations(snapshot, path)))
      }
      const place = workspace.find(uri)
      return place ? testLocations(place.snapshot, place.path) : []
    }, []),
  )
  connection.onRequest(
    runTestsRequest,
    session.whole((params: unknown): RunTestsResult => {
      const { uri, titles } = runSchema.parse(params)
      const place = workspace.find(uri)
      return place ? testOutcomes(place.snapshot, place.path, titles) : null
    }, null),
  )
  connection.onRequest(
    coverageRequest,
    session.whole((params: unknown): CoverageResult => {
      const wanted = new Map(coverageSchema.parse(params).tests.map(({ uri, titles }) => [uri, new Set(titles)]))
      const snapshots = new Set([...wanted.keys()].flatMap(uri => workspace.find(uri)?.snapshot ?? []))
      return [...snapshots].flatMap(snapshot => testCoverage(snapshot, wanted) ?? [])
    }, []),
  )
}
