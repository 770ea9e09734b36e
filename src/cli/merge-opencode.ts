import {
  applyEdits,
  parseTree,
  printParseErrorCode,
  type Edit,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import type { OpencodeConfig } from '../catalog/opencode-config.ts';

/** The merged text and what is new in it, or why the file cannot be merged into. */
export type MergeOutcome =
  | { readonly ok: true; readonly text: string; readonly changes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** What is written into an object: its properties, in their order. */
type Entries = readonly (readonly [key: string, value: unknown])[];

/** An object of the file that has to be one, and what it should hold. */
interface Place {
  readonly path: readonly string[];
  readonly node: Node;
  readonly wanted: object;
}

interface Merge {
  readonly body: string;
  readonly layout: Layout;
  readonly edits: Edit[];
  readonly changes: string[];
}

/** How the file is laid out, so that what is added looks like the rest. */
interface Layout {
  readonly eol: string;
  readonly indent: string;
  readonly isOneLine: boolean;
}

const BOM = '\u{feff}';
const BY_HAND =
  'The file was left untouched: print the configuration with `paddock opencode`, and add it by hand.';

const MODELS = 'provider.paddock.models';
const ADDRESS = 'provider.paddock.options.baseURL';
/** The objects that are merged key by key; below them, and beside them, what the file says stays. */
const MERGED = new Set(['provider', 'provider.paddock', 'provider.paddock.options', MODELS]);

/**
 * Merges a configuration into the text of an `opencode.json`. All that is in the file stays as it is written, to the
 * byte, and what is missing is added; only Paddock's address is replaced where it is another one. It is the text that
 * is edited, not its values, because parsing and writing it again would change numbers, duplicates and layout.
 * A file that opencode reads and JSON does not allow, with comments for instance, is left to its owner.
 */
export function mergeOpencode(text: string, config: OpencodeConfig): MergeOutcome {
  const bom = text.startsWith(BOM) ? BOM : '';
  const written = text.slice(bom.length);
  const body = written.trim() === '' ? '{}\n' : written;
  const errors: ParseError[] = [];
  const node = parseTree(body, errors, { disallowComments: true });
  const [error] = errors;
  if (node === undefined || error !== undefined) {
    return refuse(`The file is not plain JSON: ${error ? sayError(error, body) : 'it is empty'}.`);
  }
  const merge: Merge = { body, layout: readLayout(body, node), edits: [], changes: [] };
  const fault = mergeObject({ path: [], node, wanted: config }, merge);
  if (fault !== null) return refuse(fault);
  const { edits, changes } = merge;
  return { ok: true, text: edits.length === 0 ? text : bom + applyEdits(body, edits), changes };
}

function refuse(fault: string): MergeOutcome {
  return { ok: false, message: `${fault} ${BY_HAND}` };
}

/** Merges one object, and answers what keeps it from being merged, or null. */
function mergeObject({ path, node, wanted }: Place, merge: Merge): string | null {
  const { body, edits, changes } = merge;
  const said = path.length === 0 ? 'the top level' : `"${path.join('.')}"`;
  if (node.type !== 'object') {
    return `In the file ${said} is not an object, at ${sayPlace(node.offset, body)}.`;
  }
  const present = readProperties(node);
  const twice = findRepeatedKey(node);
  if (twice !== null) {
    const place = sayPlace(twice.offset, body);
    return `In the file ${said} has the key ${JSON.stringify(twice.value)} twice, again at ${place}.`;
  }
  for (const [key, value] of Object.entries(wanted)) {
    const found = present.get(key);
    if (found === undefined) continue;
    const inner = [...path, key];
    const name = inner.join('.');
    if (MERGED.has(name)) {
      const fault = mergeObject({ path: inner, node: found, wanted: value as object }, merge);
      if (fault !== null) return fault;
    } else if (name === ADDRESS && found.value !== value) {
      edits.push({ offset: found.offset, length: found.length, content: JSON.stringify(value) });
      changes.push(`set ${ADDRESS} to ${String(value)}`);
    } else if (path.join('.') === MODELS && found.type === 'object') {
      completeModel({ path: inner, node: found, wanted: value as object }, merge);
    }
  }
  const missing = findMissing(wanted, present);
  for (const [key, value] of missing) changes.push(sayAdded([...path, key], value));
  edits.push(...writeProperties(node, { entries: missing, merge }));
  return null;
}

/** A model that the file lists, perhaps as `{}`, keeps all it has, and gets what the catalog knows besides. */
function completeModel({ path, node, wanted }: Place, merge: Merge): void {
  const missing = findMissing(wanted, readProperties(node));
  if (missing.length === 0) return;
  const keys = missing.map(([key]) => key).join(', ');
  merge.changes.push(`added ${keys} to the model ${path.at(-1)}`);
  merge.edits.push(...writeProperties(node, { entries: missing, merge }));
}

function readProperties(node: Node): Map<string, Node> {
  const properties = new Map<string, Node>();
  for (const { children = [] } of node.children ?? []) {
    const [key, value] = children;
    if (key !== undefined && value !== undefined) properties.set(key.value as string, value);
  }
  return properties;
}

function findRepeatedKey(node: Node): Node | null {
  const seen = new Set<unknown>();
  for (const { children = [] } of node.children ?? []) {
    const [key] = children;
    if (key !== undefined && seen.has(key.value)) return key;
    seen.add(key?.value);
  }
  return null;
}

function findMissing(wanted: object, present: ReadonlyMap<string, Node>): Entries {
  return Object.entries(wanted).filter(([key, value]) => value !== undefined && !present.has(key));
}

function sayAdded(path: readonly string[], value: unknown): string {
  const name = path.join('.');
  if (path.slice(0, -1).join('.') === MODELS) return `added the model ${path.at(-1)}`;
  if (!MODELS.startsWith(name)) return `added ${name}`;
  const models = MODELS.split('.')
    .slice(path.length)
    .reduce((inner, key) => (inner as Record<string, object>)[key] ?? {}, value as object);
  const count = Object.keys(models).length;
  return `added ${name}, with ${count} ${count === 1 ? 'model' : 'models'}`;
}

function readLayout(body: string, root: Node): Layout {
  const within = body.slice(root.offset, root.offset + root.length);
  return {
    eol: /\r\n|\n|\r/.exec(body)?.[0] ?? '\n',
    // No string of JSON spans lines, so the first line that is indented is one step in.
    indent: /[\r\n]([ \t]+)\S/.exec(body)?.[1] ?? '  ',
    isOneLine: (root.children ?? []).length > 0 && !/[\r\n]/.test(within),
  };
}

/** The edit that adds properties behind those that an object has. */
function writeProperties(
  node: Node,
  { entries, merge: { body, layout } }: { entries: Entries; merge: Merge },
): Edit[] {
  if (entries.length === 0) return [];
  const { eol, indent, isOneLine } = layout;
  const [first] = node.children ?? [];
  const last = node.children?.at(-1);
  const end = node.offset + node.length - 1;
  const offset = last === undefined ? node.offset + 1 : last.offset + last.length;
  const comma = last === undefined ? '' : ',';
  const gap = body.slice(offset, end);
  if (isOneLine) {
    const members = entries.map(
      ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
    );
    return [{ offset, length: 0, content: comma + members.join(',') }];
  }
  const outer = readIndent(node.offset, body);
  const isBroken = first !== undefined && /[\r\n]/.test(body.slice(node.offset, first.offset));
  const inner = isBroken ? readIndent(first.offset, body) : outer + indent;
  const members = entries.map(([key, value]) => {
    const member = `${JSON.stringify(key)}: ${JSON.stringify(value, null, indent)}`;
    return inner + member.replaceAll('\n', eol + inner);
  });
  const closing = last !== undefined && /[\r\n]/.test(gap) ? gap : eol + outer;
  const content = comma + eol + members.join(`,${eol}`) + closing;
  return [{ offset, length: gap.length, content }];
}

/** The white space that the line of a place begins with. */
function readIndent(offset: number, body: string): string {
  let start = offset;
  while (start > 0 && !/[\r\n]/.test(body.charAt(start - 1))) start -= 1;
  return /^[ \t]*/.exec(body.slice(start, offset))?.[0] ?? '';
}

function sayError({ error, offset }: ParseError, body: string): string {
  const place = sayPlace(offset, body);
  const name = printParseErrorCode(error);
  if (name === 'InvalidCommentToken') return `it holds a comment at ${place}`;
  const before = body.slice(0, offset).trimEnd();
  if (before.endsWith(',') && /^[}\]]/.test(body.slice(offset))) {
    return `it has a comma with nothing behind it at ${sayPlace(before.length - 1, body)}`;
  }
  const words = name.replaceAll(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.toLowerCase()} at ${place}`;
}

/** Line and column as editors count them. */
function sayPlace(offset: number, body: string): string {
  const lines = body.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
