// A valibot schema declares each answer of the HTTP API once: its type is inferred from the schema, the compiler checks
// its example against the schema, and the OpenAPI document is generated from both.

import * as v from 'valibot';

/** A whole number. */
export const integer = v.pipe(v.number(), v.integer());

/** A time in ISO 8601. */
export const timestamp = v.pipe(v.string(), v.isoTimestamp());

/** Names a schema. The OpenAPI document contains it once, as `#/components/schemas/NAME`. */
export function named<const S extends v.GenericSchema>(ref: string, schema: S) {
  return v.pipe(schema, v.metadata({ ref }));
}

/** Names the schema of an object with these entries. */
export function namedObject<const E extends v.ObjectEntries>(ref: string, entries: E) {
  return named(ref, v.object(entries));
}

/** The values of a schema, read-only at every depth. */
export type Infer<S extends v.GenericSchema> = ReadonlyDeep<v.InferOutput<S>>;

type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> } : T;

/** The schema of an answer, and an example. */
export interface Answer<S extends v.GenericSchema = v.GenericSchema> {
  readonly schema: S;
  readonly example: Infer<S>;
}

/** The value of an answer, as a client receives it. */
export type ValueOf<A extends Answer> = v.InferOutput<A['schema']>;

/** Declares an answer. The compiler checks the example against the schema. */
export function declareAnswer<const S extends v.GenericSchema>(
  schema: S,
  example: Infer<S>,
): Answer<S> {
  return { schema, example };
}
