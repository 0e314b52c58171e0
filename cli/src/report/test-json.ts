/** `writ test --format json`: the form of docs/schemas/test.schema.json. */
import type { Plan, PropertyResult, TestResult } from '@writ/engine'
import { propertyJson } from './property-json.ts'

export function testJson(
  plan: Plan,
  results: readonly TestResult[],
  properties: readonly PropertyResult[],
  shown: string,
  elapsedMs: number,
): object {
  const passed = results.filter(result => result.passed).length
  return {
    workspace: shown,
    passed,
    failed: results.length - passed,
    elapsedMs: Math.round(elapsedMs * 10) / 10,
    tests: results.map(result => ({
      name: result.title,
      module: result.module,
      file: result.file,
      line: result.line,
      passed: result.passed,
      message: result.message,
      failedLine: result.failedAt?.line ?? null,
    })),
    properties: properties.map(result => propertyJson(plan, result)),
  }
}
