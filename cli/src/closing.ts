/** `--close-at TIME`: the log is closed at that time, and deadlines up to and including it pass. */
import { type Refusal, refuse } from './refusal.ts'

/** Milliseconds since the epoch; null without the option. */
export function closingOf(text: string | undefined): { readonly closeAt: number | null } | Refusal {
  if (text === undefined) return { closeAt: null }
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const time = isTime ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? refuse('W3016', { option: '--close-at', text }) : { closeAt: time }
}
