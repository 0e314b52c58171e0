/** Messages between the view of events and the extension; for both ends. */
import type { Line } from '@writ/engine'
import type { EventPage, Which } from '@writ/language-server'

export type ToEvents =
  | {
      readonly kind: 'show'
      readonly title: string
      readonly which: Which
      readonly stale: boolean
      readonly base: string | null
    }
  | { readonly kind: 'page'; readonly request: number; readonly page: EventPage | null }
  | { readonly kind: 'evidence'; readonly seq: number; readonly lines: readonly Line[] | null }
  | { readonly kind: 'nothing'; readonly message: string }

export type FromEvents =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'page'
      readonly request: number
      readonly offset: number
      readonly limit: number
      readonly filter: string
    }
  | { readonly kind: 'explain'; readonly seq: number; readonly width: number }
  | { readonly kind: 'test'; readonly seq: number }
  | { readonly kind: 'debug'; readonly seq: number }
  | { readonly kind: 'which'; readonly which: Which }
