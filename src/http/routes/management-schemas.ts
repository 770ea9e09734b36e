import * as v from 'valibot';
import { modelIdSchema, providerNameSchema } from '../../resolve/id-schemas.ts';
import { declareAnswer, named, namedObject } from '../../schema.ts';

/** The body of `POST /api/providers/{name}/unload`. A misspelt field must not unload everything. */
export const unloadSchema = named(
  'UnloadFromProvider',
  v.pipe(
    v.strictObject(
      { model: v.optional(modelIdSchema) },
      'expected an object {"model": "..."} without other fields, or no body',
    ),
    v.metadata({ examples: [{ model: 'qwen3.6-27b' }] }),
  ),
);

/** The body of `POST /api/unload`. */
export const unloadByIdSchema = named(
  'Unload',
  v.pipe(
    v.strictObject(
      { model: modelIdSchema },
      'expected an object {"model": "provider/model"} without other fields',
    ),
    v.metadata({ examples: [{ model: 'sam-desktop/qwen3.6-27b' }] }),
  ),
);

/** The unloaded model, by the provider's own name for it; null for all models. */
export const unloadedAnswer = declareAnswer(
  namedObject('Unloaded', { provider: providerNameSchema, model: v.nullable(v.string()) }),
  { provider: 'sam-desktop', model: 'qwen3.6-27b' },
);

/** The answer of `GET /api/providers/{name}/running`, in the provider's own shape. */
export const runningAnswer = declareAnswer(
  named(
    'Running',
    v.objectWithRest({ running: v.array(v.objectWithRest({}, v.unknown())) }, v.unknown()),
  ),
  {
    running: [
      { model: 'qwen3.6-27b', state: 'ready', ttl: 0, name: 'Qwen 3.6 27B', description: '' },
    ],
  },
);
