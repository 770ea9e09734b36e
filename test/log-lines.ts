// What a process has written of its log.

/** A line, by the names of its fields. */
export type Line = Readonly<Record<string, unknown>>;

/** The lines of JSON in what a process has written, which wrangler may wrap in colours. */
export function readLines(output: string): Line[] {
  return output.split('\n').flatMap((text) => {
    const json = /\{"level".*\}/.exec(text)?.[0];
    return json === undefined ? [] : [JSON.parse(json) as Line];
  });
}
