// Where terms stand in a text. Offsets are in UTF-16 units, as JavaScript's strings count.

/** Half-open range of a string. */
export type Range = [start: number, end: number]

/** A piece of text, marked or not. */
export interface Piece {
  text: string
  marked: boolean
}

/** Every place of every term, overlapping ones joined, in order. */
export function findTerms(text: string, terms: readonly string[]): Range[] {
  const found: Range[] = []
  for (const term of terms) {
    if (!term) continue
    for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length)) found.push([at, at + term.length])
  }
  return joined(found)
}

/** Ranges counted in characters (code points), as the search answers them, as ranges of the string. */
export function fromCharacters(text: string, ranges: readonly (readonly number[])[]): Range[] {
  const starts: number[] = []
  let at = 0
  for (const character of text) {
    starts.push(at)
    at += character.length
  }
  starts.push(at)
  const last = starts.length - 1
  const clip = (index: number | undefined) => starts[Math.max(0, Math.min(last, index ?? 0))] ?? at
  return joined(ranges.map((range): Range => [clip(range[0]), clip(range[1])]))
}

/** Ranges in order, with overlapping and touching ones joined and empty ones left out. */
export function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (end <= start) continue
    const last = result[result.length - 1]
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

/** The text in pieces, so that a template can mark some of them. */
export function pieces(text: string, ranges: readonly Range[]): Piece[] {
  const result: Piece[] = []
  let at = 0
  for (const [start, end] of ranges) {
    if (start > at) result.push({ text: text.slice(at, start), marked: false })
    result.push({ text: text.slice(start, end), marked: true })
    at = end
  }
  if (at < text.length) result.push({ text: text.slice(at), marked: false })
  return result
}
