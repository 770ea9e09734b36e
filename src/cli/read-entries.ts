import type { Entry, LineFormat } from './line-formats.ts';

/** An entry of a file, its lines, and the entries in it. */
export interface EntryNode extends Entry {
  readonly line: number;
  /** The last line that belongs to it. */
  last: number;
  readonly children: EntryNode[];
}

/** Reads the entries of lines as a tree. Returns its root, which is the whole file. */
export function readEntries(lines: readonly string[], { read }: LineFormat): EntryNode {
  const root: EntryNode = {
    level: -1,
    key: '',
    value: '',
    isTable: false,
    line: -1,
    last: -1,
    children: [],
  };
  const open = [root];
  for (const [line, text] of lines.entries()) {
    const entry = read(text);
    if (text.trim() === '' || (entry === null && /^\s*#/u.test(text))) continue;
    if (entry !== null) {
      while ((open.at(-1)?.level ?? -1) >= entry.level) open.pop();
      const node: EntryNode = { ...entry, line, last: line, children: [] };
      open.at(-1)?.children.push(node);
      open.push(node);
    }
    for (const node of open) node.last = line;
  }
  return root;
}
