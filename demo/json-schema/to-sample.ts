// Writes a value that fits a JSON schema. The values are predictable: the prompt for texts, the first member of an
// enumeration, 1 for numbers, one item for lists.
import { toObject } from '../json.ts';
import type { Json } from '../json.ts';
import { compilePattern } from './compile-pattern.ts';
import { isSeen, settleSchema } from './settle-schema.ts';
import type { SchemaPlace } from './settle-schema.ts';
import { toMatchingText } from './to-matching-text.ts';
import { toNumber } from './to-number.ts';
import { toText } from './to-text.ts';

/** The text of a value, and which properties it has. */
interface SampleOptions {
  /** The text of plain texts. */
  prompt: string;
  /** Leaves out the properties that a schema does not require. */
  onlyRequired?: boolean;
}

interface Place extends SchemaPlace, Required<SampleOptions> {
  /** How many values may still have parts that the schema does not require. All places share it. */
  budget: { left: number };
  /** Whether only required parts are written: the end of a recursion, or of the budget. */
  isShort: boolean;
}

const MAX_VALUES = 500;
const MAX_REQUIRED_VALUES = 20_000;
const MAX_DEPTH = 100;
const MAX_ITEMS = 200;

/** Returns a value that fits a JSON schema. */
export function toSample(
  schema: unknown,
  { prompt, onlyRequired = false }: SampleOptions,
): unknown {
  return sample(schema, {
    root: toObject(schema),
    prompt,
    onlyRequired,
    references: [],
    index: 0,
    budget: { left: MAX_VALUES },
    isShort: false,
  });
}

function sample(value: unknown, at: Place): unknown {
  const { schema, references, isRecursive } = settleSchema(value, at);
  at.budget.left -= 1;
  const isShort = at.isShort || isRecursive || at.budget.left < 0;
  if (references.length > MAX_DEPTH || at.budget.left < -MAX_REQUIRED_VALUES) return null;
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return pickValue(schema['enum'], at.index);
  const place = { ...at, references, isShort };
  switch (toType(schema)) {
    case 'null':
      return null;
    case 'boolean':
      return at.index % 2 === 0;
    case 'integer':
    case 'number':
      return toNumber(schema, at.index);
    case 'array':
      return sampleArray(schema, place);
    case 'object':
      return sampleObject(schema, place);
    default:
      return isJsonText(schema)
        ? JSON.stringify(sample(schema['contentSchema'], place))
        : toText(schema, at);
  }
}

function pickValue(values: unknown[], index: number): unknown {
  const full = values.filter((value) => value !== null);
  return full[index % full.length] ?? null;
}

function isJsonText(schema: Json): boolean {
  return schema['contentMediaType'] === 'application/json';
}

/** Keywords that tell the type where a schema does not name it. */
const HINTS: Record<string, string[]> = {
  object: ['properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties'],
  array: ['items', 'prefixItems', 'minItems', 'contains'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

function toType(schema: Json): unknown {
  const types = [schema['type'] ?? []].flat();
  if (types.length > 0) return types.find((type) => type !== 'null') ?? 'null';
  return Object.keys(HINTS).find((type) => HINTS[type]?.some((keyword) => keyword in schema));
}

function sampleArray(schema: Json, at: Place): unknown[] {
  const { items, prefixItems, contains, minItems = 0, maxItems = Infinity } = schema;
  const isTuple = Array.isArray(items);
  const first: unknown[] = [prefixItems ?? (isTuple ? items : (contains ?? []))].flat();
  const rest = isTuple ? schema['additionalItems'] : items;
  const hasItems = typeof rest === 'object' && !at.isShort && !isSeen(rest, at.references);
  const wanted = Math.max(Number(minItems), first.length, hasItems ? 1 : 0);
  const length = Math.min(wanted, Number(maxItems), MAX_ITEMS);
  return Array.from({ length }, (_, index) => sample(first[index] ?? rest, { ...at, index }));
}

function sampleObject(schema: Json, at: Place): Json {
  const names = [...toNames(schema, at)];
  return Object.fromEntries(names.map((name) => [name, sample(findProperty(schema, name), at)]));
}

/** Returns the names of the properties: all that the schema lists, or requires, or needs to be large enough. */
function toNames(schema: Json, { references, isShort, ...at }: Place): Set<string> {
  const properties = toObject(schema['properties']);
  const required = [schema['required'] ?? []].flat().map(String);
  const { minProperties = 0, maxProperties = Infinity } = schema;
  const optional = Object.entries(properties)
    .filter(([name, inner]) => !required.includes(name) && inner !== false)
    .filter(([, inner]) => !isShort && !at.onlyRequired && !isSeen(inner, references))
    .slice(0, Math.max(Number(maxProperties) - required.length, 0));
  const wanted = new Set([...required, ...optional.map(([name]) => name)]);
  const listed = Object.keys(properties).filter((name) => wanted.has(name));
  const names = new Set([...listed, ...required]);
  for (const name of names) for (const other of toDependents(schema, name)) names.add(other);
  const isMap = typeof (schema['additionalProperties'] ?? schema['patternProperties']) === 'object';
  const size = Math.max(Number(minProperties), isMap && !isShort && names.size === 0 ? 1 : 0);
  for (let index = 0; names.size < size && index < MAX_ITEMS; index += 1) {
    names.add(toName(schema, { ...at, references, isShort, index }));
  }
  return names;
}

function toDependents(schema: Json, name: string): string[] {
  const dependents = toObject(schema['dependentRequired'])[name];
  return Array.isArray(dependents) ? dependents.map(String) : [];
}

function toName({ patternProperties, propertyNames }: Json, at: Place): string {
  if (propertyNames !== undefined)
    return String(sample({ type: 'string', ...toObject(propertyNames) }, at));
  const [pattern] = Object.keys(toObject(patternProperties));
  const range = { min: 1, max: Infinity, variant: at.index };
  return (pattern && toMatchingText(pattern, range)) ?? `key${at.index + 1}`;
}

function findProperty(schema: Json, name: string): unknown {
  const properties = toObject(schema['properties']);
  if (Object.hasOwn(properties, name)) return properties[name];
  const patterns = Object.entries(toObject(schema['patternProperties']));
  const [, found] = patterns.find(([pattern]) => compilePattern(pattern)?.test(name)) ?? [];
  return found ?? schema['additionalProperties'];
}
