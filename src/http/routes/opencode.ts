import { Hono, type Context } from 'hono';
import { toOpencodeConfig } from '../../catalog/opencode-config.ts';
import type { Settings } from '../../settings/settings.ts';
import { toBackground } from '../background.ts';
import { describe, jsonAnswer } from '../openapi/describe.ts';
import { opencodeAnswer } from '../../catalog/opencode-schema.ts';
import type { CatalogView } from '../view.ts';

/** Creates the route with a configuration that lets opencode reach every model through this gateway. */
export function opencodeRoutes({ settings, view }: { settings: Settings; view: CatalogView }) {
  const { roles, apiKeys } = settings;
  return new Hono().get(
    '/api/opencode.json',
    describe(
      {
        tag: 'catalog',
        summary: 'A configuration that lets opencode use every model through this gateway',
        answers: { 200: jsonAnswer('The configuration', opencodeAnswer) },
        errors: ['no_providers'],
      },
      async (c) => {
        const catalog = await view.read({ refresh: false, background: toBackground(c) });
        const config = toOpencodeConfig(catalog, {
          baseUrl: readOrigin(c),
          needsKey: apiKeys.length > 0,
          model: roles.default?.id ?? null,
          smallModel: roles.task?.id ?? null,
        });
        return c.json(config, 200, { 'cache-control': 'no-cache' });
      },
    ),
  );
}

/** Returns the origin that the client used: behind `tailscale serve` or another proxy, the proxy's. */
function readOrigin(c: Context): string {
  const { protocol, host } = new URL(c.req.url);
  const forwarded = (name: string, form: RegExp) => {
    const first = c.req.header(name)?.split(',')[0]?.trim() ?? '';
    return form.test(first) ? first : null;
  };
  const scheme = forwarded('x-forwarded-proto', /^https?$/u) ?? protocol.slice(0, -1);
  return `${scheme}://${forwarded('x-forwarded-host', /^[\w.-]+(?::\d+)?$/u) ?? host}`;
}
