import { Hono } from 'hono';
import { pickContextWindow } from '../../catalog/context-window.ts';
import { findListed, isAvailable } from '../../catalog/find-listed.ts';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import { PaddockError } from '../../errors.ts';
import { requireProvider } from '../../registry/require-provider.ts';
import { parseModelQuery } from '../../gateway/model-query.ts';
import type { Settings } from '../../registry/settings.ts';
import { toBackground } from '../background.ts';
import { describe, idErrors, jsonAnswer, queryParameter } from '../describe.ts';
import { resolutionExample } from '../examples.ts';
import { resolutionSchema } from '../schemas.ts';
import { requireProviders } from '../view.ts';

const NO_MODEL = 'Say which model, for example /api/resolve?model=provider/model.';

/** What an ID means. It waits for no host: availability is what was last seen. */
export function resolveRoutes(options: { settings: Settings; snapshots: SnapshotSource }) {
  const { settings, snapshots } = options;
  return new Hono().get(
    '/api/resolve',
    describe(
      {
        tag: 'catalog',
        summary: 'Which provider and model an ID means',
        parameters: [
          { ...queryParameter('model', 'A composite ID, a bare ID or an alias.'), required: true },
        ],
        answers: {
          200: jsonAnswer('What it means', {
            schema: resolutionSchema,
            example: resolutionExample,
          }),
        },
        errors: { ...idErrors, invalid_request: NO_MODEL },
      },
      (c) => {
        requireProviders(settings);
        const text = parseModelQuery(new URL(c.req.url).search).model;
        if (text === null) throw new PaddockError('invalid_request', NO_MODEL, { param: 'model' });
        const { provider, resolved } = requireProvider(text, settings.registry);

        const snapshot = snapshots.glance(toBackground(c));
        const listed = findListed(resolved.id, snapshot);
        return c.json({
          id: resolved.id,
          provider: resolved.provider,
          model: resolved.model,
          kind: provider.kind,
          via: resolved.via,
          upstream: {
            inference: provider.sidecarUrl ?? provider.baseUrl,
            management: provider.baseUrl,
          },
          available: isAvailable(resolved.id, { registry: settings.registry, snapshot }),
          ...pickContextWindow({
            configured: provider.contextWindow,
            declared: listed?.declaredContext ?? null,
          }),
        });
      },
    ),
  );
}
