import { toObject } from '../json.ts';
import type { Json } from '../json.ts';

type Merge = (one: unknown, other: unknown) => unknown;

const larger: Merge = (one, other) => Math.max(Number(one), Number(other));
const smaller: Merge = (one, other) => Math.min(Number(one), Number(other));
const union: Merge = (one, other) => [...new Set([one, other].flat())];

/** How to merge the keywords that both schemas have. For all others, the second schema counts. */
const MERGES: Record<string, Merge> = {
  properties: mergeProperties,
  patternProperties: mergeProperties,
  required: union,
  allOf: union,
  enum: intersect,
  type: intersectTypes,
  minimum: larger,
  exclusiveMinimum: larger,
  minLength: larger,
  minItems: larger,
  minProperties: larger,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
};

/** Keywords that both schemas must keep. */
const COMBINING = ['$ref', 'anyOf', 'oneOf', 'if', 'then'];

/** Returns a schema whose values fit both schemas. */
export function mergeSchemas(one: Json, other: Json): Json {
  const shared = COMBINING.filter((key) => one[key] !== undefined && other[key] !== undefined);
  if (shared.length > 0) {
    const left = Object.fromEntries(shared.map((key) => [key, other[key]]));
    const rest = Object.entries(other).filter(([key]) => !shared.includes(key));
    return mergeSchemas(
      { ...one, allOf: [one['allOf'] ?? [], left].flat() },
      Object.fromEntries(rest),
    );
  }
  const merged = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const merge = MERGES[key];
    merged[key] = merge && one[key] !== undefined ? merge(one[key], value) : value;
  }
  return merged;
}

function mergeProperties(one: unknown, other: unknown): Json {
  const merged = toObject(one);
  for (const [name, schema] of Object.entries(toObject(other))) {
    merged[name] = name in merged ? { allOf: [merged[name], schema] } : schema;
  }
  return merged;
}

function intersect(one: unknown, other: unknown): unknown[] {
  const others = new Set([other].flat());
  return [one].flat().filter((value) => others.has(value));
}

function intersectTypes(one: unknown, other: unknown): unknown {
  const types = intersect(one, other);
  return types.length === 0 && [one, other].flat().includes('integer') ? 'integer' : types;
}
