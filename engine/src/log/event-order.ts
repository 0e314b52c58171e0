/**
 * The order of a log: by time, then file, then place in the file. Recorded logs are almost in order, so this is a merge
 * sort that starts from the runs it finds; a log in order costs one pass.
 */

/** Permutation of 0 .. size - 1 that puts the events in order, stable; null where they already are. */
export function eventOrder(
  size: number,
  time: ArrayLike<number>,
  file: ArrayLike<number>,
  index: ArrayLike<number>,
): Int32Array | null {
  const after = (a: number, b: number): boolean => {
    const times = (time[a] as number) - (time[b] as number)
    if (times !== 0) return times > 0
    const files = (file[a] as number) - (file[b] as number)
    return files !== 0 ? files > 0 : (index[a] as number) > (index[b] as number)
  }
  let starts = [0]
  for (let i = 1; i < size; i++) if (after(i - 1, i)) starts.push(i)
  if (starts.length === 1) return null

  let from = Int32Array.from({ length: size }, (_, i) => i)
  let to = new Int32Array(size)
  while (starts.length > 1) {
    const merged: number[] = []
    for (let run = 0; run < starts.length; run += 2) {
      const start = starts[run] ?? size
      const middle = starts[run + 1] ?? size
      const end = starts[run + 2] ?? size
      merged.push(start)
      let left = start
      let right = middle
      for (let i = start; i < end; i++) {
        const takeRight = left >= middle || (right < end && after(from[left] as number, from[right] as number))
        to[i] = from[takeRight ? right++ : left++] as number
      }
    }
    ;[from, to] = [to, from]
    starts = merged
  }
  return from
}
