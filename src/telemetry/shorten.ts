/** Cuts a text to at most `max` characters, followed by an ellipsis. */
export function shorten(text: string, max: number): string {
  // Build a new string: a slice would keep the whole text in memory.
  return text.length <= max ? text : [...text.slice(0, max), '…'].join('');
}
