/** A chapter of an answer as models write them: a heading, prose, a list, a table and code. */
const toChapter = (number: number) => `
## ${number}. Streams and their readers

A **reader** takes what a *stream* has, piece by piece, and \`cancel()\` ends both. The order of the pieces is the order in
which they were written; where nobody reads, the writer is told to wait. That is called *back pressure*, and it is why a slow
client costs a fast server next to nothing.

- **Pull**: the reader asks, and the source answers with one piece at a time.
- **Push**: the source writes, and the stream holds what nobody has read yet.
  - With a bound, the writer waits once ${number * 16} pieces are held.
  - Without one, memory grows for as long as the source is faster than its reader.
- **Tee**: two readers of one source; the slower one decides how much is held.

| kind | who waits | what is held |
| --- | --- | --- |
| pull | the reader | one piece |
| push, bounded | the writer | at most ${number * 16} pieces |
| push, unbounded | nobody | everything |

\`\`\`ts
async function* readLines(stream: ReadableStream<string>): AsyncGenerator<string> {
  const reader = stream.getReader();
  let rest = '';
  for (;;) {
    const { done, value = '' } = await reader.read();
    const lines = (rest + value).split('\\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (done) return;
  }
}
\`\`\`

> What is cut off in the middle is not the same as what has ended: say which of the two it was.
`;

/** Markdown of at least so many words, which is what a simulated host counts as tokens. */
export function toLongAnswer(tokens: number): string {
  let text = '# What happens to an answer on its way\n';
  for (let number = 1; countWords(text) < tokens; number += 1) text += toChapter(number);
  return text;
}

function countWords(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0;
}
