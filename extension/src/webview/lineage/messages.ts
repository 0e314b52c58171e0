/** Messages between the lineage preview and the extension; for both ends. */
import type { PlacedGraph } from '@writ/language-server'

export type ToLineage =
  | { readonly kind: 'graph'; readonly title: string; readonly graph: PlacedGraph }
  /** The node under the cursor. */
  | { readonly kind: 'follow'; readonly id: string }
  | { readonly kind: 'nothing'; readonly message: string }

export type FromLineage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'open'; readonly id: string }
  | { readonly kind: 'save'; readonly name: string; readonly base64: string }
