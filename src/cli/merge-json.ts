import { getNodeValue, type Node } from 'jsonc-parser';
import { editJson, type JsonChange } from './edit-json.ts';
import { toChange, type MergeOutcome } from './merge-outcome.ts';
import { findObjectFault, readJsonc, readProperties } from './read-jsonc.ts';

interface Plan {
  readonly body: string;
  readonly edits: JsonChange[];
  readonly changes: string[];
  replaces: boolean;
}

type Path = readonly (string | number)[];

/** A value of the file, and the value that it should have. */
interface Place {
  readonly path: Path;
  readonly node: Node;
  readonly wanted: unknown;
}

/**
 * Merges settings into the text of a JSON file. Objects are merged key by key, and lists item by item: items with the same
 * `id` are the same. Other values are replaced if they differ. Everything else stays, with comments and layout.
 */
export function mergeJson(text: string, wanted: object): MergeOutcome {
  const read = readJsonc(text);
  if (!read.ok) return { ok: false, message: read.fault };
  const { bom, body, root } = read;
  const plan: Plan = { body, edits: [], changes: [], replaces: false };
  const fault = mergeObject({ path: [], node: root, wanted }, plan);
  if (fault !== null) return { ok: false, message: fault };
  const { edits, changes, replaces } = plan;
  const merged = edits.length === 0 ? text : bom + editJson(body, { root, changes: edits });
  return { ok: true, text: merged, changes, replaces };
}

/** Plans the merge of one object. Returns why it cannot be merged, or null. */
function mergeObject({ path, node, wanted }: Place, plan: Plan): string | null {
  const fault = findObjectFault(node, { path: path.map(String), body: plan.body });
  if (fault !== null) return fault;
  const present = readProperties(node);
  for (const [key, value] of Object.entries(wanted as object)) {
    const found = present.get(key);
    const inner = [...path, key];
    const innerFault =
      found === undefined
        ? set({ path: inner, value }, plan)
        : mergeValue({ path: inner, node: found, wanted: value }, plan);
    if (innerFault !== null) return innerFault;
  }
  return null;
}

function mergeValue({ path, node, wanted }: Place, plan: Plan): string | null {
  const before: unknown = getNodeValue(node);
  if (JSON.stringify(before) === JSON.stringify(wanted)) return null;
  if (before === null) return set({ path, value: wanted }, plan);
  if (isObject(wanted)) return mergeObject({ path, node, wanted }, plan);
  if (Array.isArray(wanted)) return mergeItems({ path, node, wanted }, plan);
  return set({ path, value: wanted, before }, plan);
}

function mergeItems({ path, node, wanted }: Place, plan: Plan): string | null {
  if (node.type !== 'array') return `In the file "${path.join('.')}" is not a list.`;
  const items = node.children ?? [];
  for (const item of wanted as readonly unknown[]) {
    const index = items.findIndex((one) => isSame(getNodeValue(one), item));
    const found = items[index];
    const fault =
      found === undefined
        ? // The index -1 appends.
          set({ path: [...path, -1], value: item }, plan)
        : mergeValue({ path: [...path, index], node: found, wanted: item }, plan);
    if (fault !== null) return fault;
  }
  return null;
}

function isSame(one: unknown, other: unknown): boolean {
  if (isObject(one) && isObject(other)) return one['id'] === other['id'];
  return one === other;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function set(change: { path: Path; value: unknown; before?: unknown }, plan: Plan): null {
  const { path, value } = change;
  plan.edits.push({ path: [...path], value });
  const name = path.filter((part) => part !== -1).join('.');
  const toText = (one: unknown) => JSON.stringify(one);
  const before = 'before' in change ? toText(change.before) : null;
  if (before !== null) plan.replaces = true;
  plan.changes.push(toChange({ name, before, value: toText(value) }));
  return null;
}
