/** Cuts a text to at most `most` characters, followed by an ellipsis. */
export function shorten(text: string, most: number): string {
  // Build a new string: a slice would keep the whole text in memory.
  return text.length <= most ? text : [...text.slice(0, most), '…'].join('');
}
