import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toSample } from '../../../demo/json-schema/to-sample.ts';
import { inputs } from '../../fuzz.ts';

const range = fc.tuple(fc.nat(3), fc.nat(3));
const names = fc.constantFrom('a', 'b', 'c d', 'constructor');

const constants = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));

/** Schemas as clients write them: every combination of these has a value. */
const { schema: schemas } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.record({ type: fc.constantFrom('string', 'boolean', 'null', ['string', 'null']) }),
    fc.record({ enum: fc.array(constants, { minLength: 1, maxLength: 3 }) }),
    fc.record({ const: constants }),
    range.map(([min, more]) => ({ type: 'string', minLength: min, maxLength: min + more })),
    fc
      .tuple(fc.integer(), fc.nat(50), fc.constantFrom('integer', 'number'))
      .map(([minimum, more, type]) => ({ type, minimum, maximum: minimum + more })),
    fc
      .tuple(fc.integer({ min: -99, max: 99 }), fc.constantFrom(0.1, 0.25, 1, 2, 7))
      .map(([minimum, multipleOf]) => ({ type: 'number', exclusiveMinimum: minimum, multipleOf })),
    fc.tuple(tie('schema'), range).map(([items, [min, more]]) => ({
      type: 'array',
      items,
      minItems: min,
      maxItems: min + more,
    })),
    fc
      .tuple(fc.dictionary(names, tie('schema')), fc.array(names), fc.boolean())
      .map(([properties, required, open]) => ({
        type: 'object',
        properties,
        required: [...new Set(required)].filter((name) => open || Object.hasOwn(properties, name)),
        additionalProperties: open,
      })),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('schema') }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.tuple(tie('schema')) }),
  ),
}));

test('the sample of a schema fits it', () => {
  const property = fc.property(schemas, fc.string({ unit: 'grapheme' }), (schema, prompt) => {
    const ajv = new Ajv2020({ strict: false, logger: false, ownProperties: true });
    const value: unknown = JSON.parse(JSON.stringify(toSample(schema, { prompt })));
    const validate = ajv.compile(schema);
    expect([validate(value), validate.errors]).toEqual([true, null]);
  });
  fc.assert(property, inputs(200));
});
