/** What the checker says: yes, or where it found something else and what. */

/** `accepted` only where every claim was derived again. */
export type Verification =
  | { readonly accepted: true }
  | {
      readonly accepted: false
      /** Path inside the explanation, e.g. `rules[0].condition.decisive[1]`. */
      readonly where: string
      readonly why: string
    }
