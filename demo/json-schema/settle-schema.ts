import { toObject } from '../json.ts';
import type { Json } from '../json.ts';
import { mergeSchemas } from './merge-schemas.ts';
import { readDescribed } from './read-described.ts';

/** Where a schema stands. */
export interface SchemaPlace {
  /** The whole schema, for its references. */
  root: Json;
  /** The references that led here. */
  references: string[];
  /** The position in a list. It picks the member of a union. */
  index: number;
}

/** A JSON schema without references, unions and combinations. */
interface SettledSchema {
  schema: Json;
  references: string[];
  /** A reference led to a schema that holds this one. */
  isRecursive: boolean;
}

const COMBINING = ['$ref', 'allOf', 'anyOf', 'oneOf', 'then'];
const MAX_STEPS = 100;

/** Follows references, picks a member of each union, and merges all of it into one schema. */
export function settleSchema(value: unknown, place: SchemaPlace): SettledSchema {
  let schema = toObject(value);
  let isRecursive = false;
  const references = [...place.references];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const key = COMBINING.find((name) => schema[name] !== undefined);
    if (key === undefined) break;
    const { [key]: part, ...rest } = schema;
    if (key === '$ref') {
      isRecursive ||= references.includes(String(part));
      references.push(String(part));
    }
    schema = toParts(schema, { ...place, references, key }).reduce(mergeSchemas, rest);
  }
  return { schema: mergeSchemas(schema, readDescribed(schema)), references, isRecursive };
}

/** Whether a schema is a reference to one that holds it. */
export function isSeen(schema: unknown, references: string[]): boolean {
  return references.includes(String(toObject(schema)['$ref']));
}

function toParts(schema: Json, { key, ...place }: SchemaPlace & { key: string }): Json[] {
  const part = schema[key];
  if (key === '$ref') return [followReference(String(part), place.root)];
  if (key === 'then') return [toObject(schema['if']), toObject(part)];
  const members: unknown[] = Array.isArray(part) ? part : [];
  if (key === 'allOf') return members.map(toObject);
  return [toObject(pickMember(members, place))];
}

/** Picks the member of a union: not `null`, no recursion, and not an empty schema, if there is another. */
function pickMember(members: unknown[], { references, index }: SchemaPlace): unknown {
  const possible = members.filter((member) => member !== false && !('not' in toObject(member)));
  const values = possible.filter(
    (member) => !isNullOrAny(toObject(member)) && !isSeen(member, references),
  );
  const empty = possible.find((member) => toObject(member)['type'] === 'null');
  return values[index % values.length] ?? empty ?? possible[0];
}

function isNullOrAny(schema: Json): boolean {
  const keywords = Object.keys(schema).filter((name) => name !== 'title' && name !== 'description');
  return keywords.length === 0 || schema['type'] === 'null';
}

/** Returns the schema at a JSON pointer or with a name in the same document; an empty one for anything else. */
function followReference(reference: string, root: Json): Json {
  if (!reference.startsWith('#/')) {
    return reference === '#' ? root : (findNamed(reference, root) ?? {});
  }
  let schema: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decodePart(part).replaceAll('~1', '/').replaceAll('~0', '~');
    schema = toObject(schema)[key];
  }
  return toObject(schema);
}

function findNamed(reference: string, { $defs, definitions }: Json): Json | undefined {
  const schemas = Object.values({ ...toObject(definitions), ...toObject($defs) }).map(toObject);
  return schemas.find(
    ({ $id, $anchor }) =>
      $id === reference || (typeof $anchor === 'string' && `#${$anchor}` === reference),
  );
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
