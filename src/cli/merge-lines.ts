import type { LineFormat } from './line-formats.ts';
import { toChange, type MergeOutcome } from './merge-outcome.ts';
import { readEntries, type EntryNode } from './read-entries.ts';

/** Lines to insert before a line, in place of as many others as `remove` says. */
interface LineEdit {
  readonly at: number;
  readonly remove: number;
  readonly lines: readonly string[];
  /** How deep the entry is: of two in one place the deeper one comes first, because it ends an earlier entry. */
  readonly depth: number;
}

interface Merge {
  readonly lines: readonly string[];
  readonly wantedLines: readonly string[];
  readonly keep: ReadonlySet<string>;
  readonly edits: LineEdit[];
  readonly changes: string[];
  replaces: boolean;
}

/** The settings to merge into a file, and what stays as it is. */
interface Wanted {
  readonly text: string;
  readonly format: LineFormat;
  /** The top-level keys whose value in the file stays. */
  readonly keep: readonly string[];
}

/** A value that holds no entries, in place of which entries may be written. */
const EMPTY = new Set(['', '[]', '{}', 'null', '~']);

/** Merges settings into TOML or YAML line by line, to keep comments and layout. It refuses unclear text. */
export function mergeLines(text: string, { text: wantedText, format, keep }: Wanted): MergeOutcome {
  const fault = format.findFault(text);
  if (fault !== null) return { ok: false, message: fault };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/(?:\r?\n)+$/u, '').split(/\r?\n/u);
  const wantedLines = wantedText.split('\n');
  const merge: Merge = {
    lines,
    wantedLines,
    keep: new Set(keep),
    edits: [],
    changes: [],
    replaces: false,
  };
  const root = readEntries(lines, format);
  const refused = mergeEntry(
    { found: root, wanted: readEntries(wantedLines, format), names: [] },
    merge,
  );
  if (refused !== null) return { ok: false, message: refused };
  if (merge.edits.length === 0) return { ok: true, text, changes: [] };
  const merged = [...lines];
  // From the last line to the first, so that earlier lines keep their numbers.
  const edits = merge.edits
    .toReversed()
    .toSorted((a, b) => b.at - a.at || b.remove - a.remove || a.depth - b.depth);
  for (const { at, remove, lines: added } of edits) merged.splice(at, remove, ...added);
  const { changes, replaces } = merge;
  return { ok: true, text: merged.join(eol) + eol, changes, replaces };
}

interface Pair {
  readonly found: EntryNode;
  readonly wanted: EntryNode;
  readonly names: readonly string[];
}

/** Plans the merge of the entries in one entry. Returns why it cannot be merged, or null. */
function mergeEntry({ found, wanted, names }: Pair, merge: Merge): string | null {
  for (const child of wanted.children) {
    const same = found.children.find(({ key }) => key === child.key);
    const inner = [...names, child.key.replace(/^- /u, '')];
    if (same === undefined) {
      insert({ found, wanted: child, names: inner }, merge);
    } else if (child.children.length > 0) {
      const fault = mergeInner({ found: same, wanted: child, names: inner }, merge);
      if (fault !== null) return fault;
    } else if (same.children.length > 0 || same.last > same.line) {
      return `In the file ${inner.join('.')} takes several lines, from line ${same.line + 1}.`;
    } else if (same.value !== child.value && !(names.length === 0 && merge.keep.has(child.key))) {
      replace({ found: same, wanted: child, names: inner }, merge);
    }
  }
  return null;
}

function mergeInner(pair: Pair, merge: Merge): string | null {
  const { found, wanted, names } = pair;
  // An item's own value is part of its key.
  const isItem = wanted.key.startsWith('- ');
  if (!isItem && found.children.length === 0 && found.value !== '') {
    if (!EMPTY.has(found.value)) {
      return `In the file ${names.join('.')} is not a block of lines, at line ${found.line + 1}.`;
    }
    merge.edits.push({
      at: found.line,
      remove: 1,
      lines: takeLines(wanted, { found, merge }),
      depth: names.length,
    });
    merge.changes.push(toChange({ name: names.join('.'), before: null, value: '' }));
    return null;
  }
  return mergeEntry(pair, merge);
}

/** Inserts an entry after its last sibling. TOML's tables stand after all other entries, after a blank line. */
function insert({ found, wanted, names }: Pair, merge: Merge): void {
  const siblings = found.children.filter(({ isTable }) => wanted.isTable || !isTable);
  const last = siblings.at(-1);
  const lines = takeLines(wanted, { found: last ?? found, merge, isInside: last === undefined });
  const isAfterText = wanted.isTable && (merge.lines.length > 0 || merge.edits.length > 0);
  const at = (last?.last ?? found.line) + 1;
  merge.edits.push({
    at,
    remove: 0,
    lines: isAfterText ? ['', ...lines] : lines,
    depth: names.length,
  });
  merge.changes.push(toChange({ name: names.join('.'), before: null, value: '' }));
}

function replace({ found, wanted, names }: Pair, merge: Merge): void {
  merge.replaces = true;
  const line = merge.lines[found.line] ?? '';
  const indent = /^\s*/u.exec(line)?.[0] ?? '';
  const comment = /^[^"'#]*(?:"(?:[^"\\]|\\.)*"|'[^']*')?[^"'#]*?(\s+#.*)$/u.exec(line)?.[1] ?? '';
  const text = `${indent}${merge.wantedLines[wanted.line]?.trim() ?? ''}${comment}`;
  merge.edits.push({ at: found.line, remove: 1, lines: [text], depth: names.length });
  merge.changes.push(toChange({ name: names.join('.'), before: found.value, value: wanted.value }));
}

/** The lines of a wanted entry, indented as a sibling or as the first entry in another. */
function takeLines(
  { line, last }: EntryNode,
  { found, merge, isInside = false }: { found: EntryNode; merge: Merge; isInside?: boolean },
): string[] {
  const lines = merge.wantedLines.slice(line, last + 1);
  const indentOf = (text = '') => /^ */u.exec(text)?.[0].length ?? 0;
  const own = indentOf(lines[0]);
  const isTop = found.line < 0;
  const base = isTop ? 0 : indentOf(merge.lines[found.line]) + (isInside ? 2 : 0);
  return lines.map((text) =>
    text.trim() === '' ? '' : ' '.repeat(Math.max(0, base - own + indentOf(text))) + text.trim(),
  );
}
