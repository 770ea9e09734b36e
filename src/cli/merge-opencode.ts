import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { OpencodeConfig } from '../catalog/opencode-schema.ts';
import { editJson, readLayout, type JsonChange } from './edit-json.ts';

/** The merged text and its changes, or the reason why the file cannot be merged. */
export type MergeOutcome =
  | { readonly ok: true; readonly text: string; readonly changes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Properties to add to an object, in order. */
type Entries = readonly (readonly [key: string, value: unknown])[];

/** An object of the file, and the properties that it should have. */
interface Place {
  readonly path: readonly string[];
  readonly node: Node;
  readonly wanted: object;
}

interface Merge {
  readonly body: string;
  readonly edits: JsonChange[];
  readonly changes: string[];
}

const BOM = '\u{feff}';
const BY_HAND =
  'The file was left untouched: print the configuration with `paddock opencode`, and add it by hand.';

const MODELS = 'provider.paddock.models';
const ADDRESS = 'provider.paddock.options.baseURL';
/** The objects that are merged key by key. All other values in the file stay unchanged. */
const MERGED = new Set(['provider', 'provider.paddock', 'provider.paddock.options', MODELS]);

/**
 * Merges a configuration into the text of an `opencode.json`. It keeps everything in the file, including comments and
 * layout, and adds missing properties; it replaces only Paddock's address if that differs. It edits the text, because
 * parsing and serializing would change numbers, comments and layout. Like opencode, it accepts comments and trailing commas.
 */
export function mergeOpencode(text: string, config: OpencodeConfig): MergeOutcome {
  const bom = text.startsWith(BOM) ? BOM : '';
  const written = text.slice(bom.length);
  const body = written.trim() === '' ? '{}\n' : written;
  const errors: ParseError[] = [];
  const node = parseTree(body, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (node === undefined || error !== undefined) {
    return refuse(`The file is not JSON: ${error ? toErrorText(error, body) : 'it is empty'}.`);
  }
  const merge: Merge = { body, edits: [], changes: [] };
  const fault = mergeObject({ path: [], node, wanted: config }, merge);
  if (fault !== null) return refuse(fault);
  const { edits, changes } = merge;
  if (edits.length === 0) return { ok: true, text, changes };
  const layout = readLayout(body, node);
  const merged = edits.reduce((edited, change) => editJson(edited, { ...change, layout }), body);
  return { ok: true, text: bom + merged, changes };
}

function refuse(fault: string): MergeOutcome {
  return { ok: false, message: `${fault} ${BY_HAND}` };
}

/** Plans the merge of one object. Returns why it cannot be merged, or null. */
function mergeObject({ path, node, wanted }: Place, merge: Merge): string | null {
  const { body, edits, changes } = merge;
  const name = path.length === 0 ? 'the top level' : `"${path.join('.')}"`;
  if (node.type !== 'object') {
    return `In the file ${name} is not an object, at ${toPosition(node.offset, body)}.`;
  }
  const present = readProperties(node);
  const twice = findRepeatedKey(node);
  if (twice !== null) {
    const place = toPosition(twice.offset, body);
    return `In the file ${name} has the key ${JSON.stringify(twice.value)} twice, again at ${place}.`;
  }
  for (const [key, value] of Object.entries(wanted)) {
    const found = present.get(key);
    if (found === undefined) continue;
    const inner = [...path, key];
    const innerName = inner.join('.');
    if (MERGED.has(innerName)) {
      const fault = mergeObject({ path: inner, node: found, wanted: value as object }, merge);
      if (fault !== null) return fault;
    } else if (innerName === ADDRESS && found.value !== value) {
      edits.push({ path: inner, value });
      changes.push(`set ${ADDRESS} to ${String(value)}`);
    } else if (path.join('.') === MODELS && found.type === 'object') {
      completeModel({ path: inner, node: found, wanted: value as object }, merge);
    }
  }
  const missing = findMissing(wanted, present);
  for (const [key, value] of missing) {
    edits.push({ path: [...path, key], value });
    changes.push(toAddedText([...path, key], value));
  }
  return null;
}

/** Adds the properties that only the catalog has to a model of the file, which may be `{}`. */
function completeModel({ path, node, wanted }: Place, merge: Merge): void {
  const missing = findMissing(wanted, readProperties(node));
  if (missing.length === 0) return;
  const keys = missing.map(([key]) => key).join(', ');
  merge.changes.push(`added ${keys} to the model ${path.at(-1)}`);
  merge.edits.push(...missing.map(([key, value]) => ({ path: [...path, key], value })));
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

function toAddedText(path: readonly string[], value: unknown): string {
  const name = path.join('.');
  if (path.slice(0, -1).join('.') === MODELS) return `added the model ${path.at(-1)}`;
  if (!MODELS.startsWith(name)) return `added ${name}`;
  const models = MODELS.split('.')
    .slice(path.length)
    .reduce((inner, key) => (inner as Record<string, object>)[key] ?? {}, value as object);
  const count = Object.keys(models).length;
  return `added ${name}, with ${count} ${count === 1 ? 'model' : 'models'}`;
}

function toErrorText({ error, offset }: ParseError, body: string): string {
  const words = printParseErrorCode(error).replaceAll(
    /\B[A-Z]/g,
    (letter) => ` ${letter.toLowerCase()}`,
  );
  return `${words.toLowerCase()} at ${toPosition(offset, body)}`;
}

/** Returns the line and the column, as editors count them. */
function toPosition(offset: number, body: string): string {
  const lines = body.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
