import * as v from 'valibot';

/** Gives a schema a name: it becomes `#/components/schemas/NAME` of the OpenAPI document, whatever uses it. */
export function named<const S extends v.GenericSchema>(ref: string, schema: S) {
  return v.pipe(schema, v.metadata({ ref }));
}
