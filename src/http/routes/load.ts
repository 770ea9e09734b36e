import { Hono, type Context, type Env } from 'hono';
import * as v from 'valibot';
import type { BodyLimits } from '../../gateway/read-bytes.ts';
import { compositeIdSchema, modelIdSchema, providerNameSchema } from '../../resolve/id-schemas.ts';
import { declareAnswer, integer, named, namedObject } from '../../schema.ts';
import type { Settings } from '../../settings/settings.ts';
import { readJsonBody, validateJson, type JsonInput } from '../json-body.ts';
import type { LoadModel } from '../load-model.ts';
import type { ResolveNoted } from '../note-bare-id.ts';
import { bodyErrors, describe, idErrors, jsonAnswer } from '../openapi/describe.ts';
import { requireProviders } from '../view.ts';

/** The body of `POST /api/load`. */
export const loadSchema = named(
  'Load',
  v.pipe(
    v.strictObject(
      { model: modelIdSchema },
      'expected an object {"model": "provider/model"} without other fields',
    ),
    v.metadata({ examples: [{ model: 'sam-desktop/qwen3.6-27b' }] }),
  ),
);

/** The loaded model, by its composite ID and by the provider's own name for it. */
export const loadedAnswer = declareAnswer(
  namedObject('Loaded', {
    id: compositeIdSchema,
    provider: providerNameSchema,
    model: v.string(),
    loadMs: v.pipe(integer, v.description('How long the provider took, in milliseconds')),
  }),
  {
    id: 'sam-desktop/qwen3.6-27b',
    provider: 'sam-desktop',
    model: 'qwen3.6-27b',
    loadMs: 8412,
  },
);

/** Creates the route that loads a model. Other routes load models only by passing requests on. */
export function loadRoutes(options: {
  settings: Settings;
  bodyLimits: BodyLimits;
  loadModel: LoadModel;
  resolveNoted: ResolveNoted;
}) {
  const { settings, bodyLimits, loadModel, resolveNoted } = options;
  return new Hono().post(
    '/api/load',
    readJsonBody(bodyLimits),
    validateJson(loadSchema),
    describe(
      {
        tag: 'management',
        summary: 'Loads a model by its ID without generating, and answers when it is ready',
        answers: { 200: jsonAnswer('The model is ready', loadedAnswer) },
        errors: [
          ...idErrors,
          ...bodyErrors,
          'invalid_request',
          'not_found',
          'unsupported_by_provider',
          'invalid_response',
          'provider_unreachable',
        ],
      },
      async (c: Context<Env, '/api/load', JsonInput<typeof loadSchema>>) => {
        requireProviders(settings);
        const resolved = resolveNoted(c, c.req.valid('json').model);
        return c.json(await loadModel(c, resolved), 200);
      },
    ),
  );
}
