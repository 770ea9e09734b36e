import type { Node } from 'jsonc-parser';
import type { OpencodeConfig } from '../catalog/opencode-schema.ts';
import { editJson, type JsonChange } from './edit-json.ts';
import type { MergeOutcome } from './merge-outcome.ts';
import { findObjectFault, readJsonc, readProperties } from './read-jsonc.ts';

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
  const read = readJsonc(text);
  if (!read.ok) return refuse(read.fault);
  const { bom, body, root: node } = read;
  const merge: Merge = { body, edits: [], changes: [] };
  const fault = mergeObject({ path: [], node, wanted: config }, merge);
  if (fault !== null) return refuse(fault);
  const { edits, changes } = merge;
  if (edits.length === 0) return { ok: true, text, changes };
  return { ok: true, text: bom + editJson(body, { root: node, changes: edits }), changes };
}

function refuse(fault: string): MergeOutcome {
  return { ok: false, message: `${fault} ${BY_HAND}` };
}

/** Plans the merge of one object. Returns why it cannot be merged, or null. */
function mergeObject({ path, node, wanted }: Place, merge: Merge): string | null {
  const { body, edits, changes } = merge;
  const fault = findObjectFault(node, { path, body });
  if (fault !== null) return fault;
  const present = readProperties(node);
  for (const [key, value] of Object.entries(wanted)) {
    const found = present.get(key);
    if (found === undefined) continue;
    const inner = [...path, key];
    const innerName = inner.join('.');
    if (MERGED.has(innerName)) {
      const innerFault = mergeObject({ path: inner, node: found, wanted: value as object }, merge);
      if (innerFault !== null) return innerFault;
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
