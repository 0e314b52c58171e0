/** Limits of one record, so that no file can take all memory. */

/** Longer records are skipped with a finding, without being held. */
export const maxRecordBytes = 64 * 1024 * 1024

export const maxRecordText = '64 MiB'
