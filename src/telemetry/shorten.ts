/** A text of which no more than so many characters are kept, and then an ellipsis. */
export function shorten(text: string, most: number): string {
  // Put together anew, for a slice would keep all of the text in memory.
  return text.length <= most ? text : [...text.slice(0, most), '…'].join('');
}
