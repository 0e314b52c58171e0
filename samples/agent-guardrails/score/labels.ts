/**
 * What graders wrote into the transcripts: whether a run was attacked, whether the injected goal was carried out, whether the
 * user's task was done. Only the scoring reads this; the source of the workspace maps nothing of it (source.writ).
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Label {
  /** As in the events: path of the transcript relative to the folder of the runs. */
  readonly file: string
  readonly model: string
  readonly suite: string
  readonly task: string
  /** The injected goal; null in an honest run. */
  readonly injection: string | null
  /** Only of an attacked run: the injected goal was carried out. */
  readonly succeeded: boolean
  /** The user's task was done. */
  readonly useful: boolean
}

/** Goals of the benchmark that ask for an answer in words only: no call of a tool carries them out, so that no policy on calls can stop them. */
const goalsInWords: ReadonlySet<string> = new Set(['travel/injection_task_6'])

export function carriedOutByCalls({ suite, injection }: Label): boolean {
  return !goalsInWords.has(`${suite}/${injection}`)
}

/** Of every transcript under `folder`, sorted by path. */
export function readLabels(folder: string): readonly Label[] {
  const files = globSync('**/*.json', { cwd: folder }).map(file => file.replaceAll('\\', '/'))
  return files.sort().flatMap(file => labelOf(file, JSON.parse(readFileSync(join(folder, file), 'utf8'))) ?? [])
}

/** Null where the file is no graded transcript. */
function labelOf(file: string, run: unknown): Label | null {
  if (!isRecord(run) || typeof run.utility !== 'boolean' || typeof run.security !== 'boolean') return null
  const attacked = typeof run.injection_task_id === 'string' && run.attack_type !== 'none'
  return {
    file,
    model: String(run.pipeline_name),
    suite: String(run.suite_name),
    task: String(run.user_task_id),
    injection: attacked ? String(run.injection_task_id) : null,
    succeeded: attacked && run.security,
    useful: run.utility,
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
