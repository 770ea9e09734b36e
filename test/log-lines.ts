// Reads the log of a process.

/** The fields of a line. */
export type Line = Readonly<Record<string, unknown>>;

/** The JSON lines of a log. wrangler may wrap them in color codes. */
export function readLines(output: string): Line[] {
  return output.split('\n').flatMap((text) => {
    const json = /\{"level".*\}/.exec(text)?.[0];
    return json === undefined ? [] : [JSON.parse(json) as Line];
  });
}
