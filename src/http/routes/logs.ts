import { Hono, type Context, type Env } from 'hono';
import { PaddockError } from '../../errors.ts';
import { SANDBOXED } from '../../gateway/page-guards.ts';
import { requireManaged } from '../../registry/require-provider.ts';
import { joinId } from '../../resolve/composite-id.ts';
import { requireModel } from '../../resolve/resolve-model.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Access } from '../middleware/require-key.ts';
import { describe, idErrors, textAnswer } from '../openapi/describe.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import type { OpenLog } from '../open-log.ts';
import { requireProviders } from '../view.ts';
import type { QueryInput } from './query-input.ts';

const HEADERS = {
  // A log may contain prompts and answers, and so HTML.
  'content-type': 'text/plain; charset=utf-8',
  ...SANDBOXED,
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

const NO_FOLLOW =
  'New lines of a log cannot be followed on Workers: send the request without follow, or run Paddock on Node or Bun.';

const EXAMPLE = `[INFO] <qwen3.6-27b> Executing start command: llama-server --port 5801 -m qwen3.6-27b.gguf
[INFO] <qwen3.6-27b> Health check passed on http://127.0.0.1:5801/health
`;

type LogsInput = QueryInput<{ model?: string; follow?: string }>;

/** Creates the route that shows a provider's own log. */
export function logsRoutes(options: {
  settings: Settings;
  openLog: OpenLog;
  access: Pick<Access, 'adminOnly'>;
  /** Whether the platform permits answers without an end. */
  canFollow: boolean;
  /** Aborted when endless answers must end. */
  stopping: AbortSignal | undefined;
}) {
  const { settings, openLog, access, canFollow, stopping } = options;
  const { registry } = settings;

  return new Hono().get(
    '/api/providers/:name/logs',
    access.adminOnly,
    describe(
      {
        tag: 'management',
        summary: 'The log of a llama-swap, or the part of one model, as it is',
        parameters: [PARAMETERS.ProviderName, PARAMETERS.LoggedModel, PARAMETERS.Follow],
        answers: {
          200: textAnswer(
            'The log, as far as the provider has kept it. It may contain prompts. With `follow=1` new lines follow, until the client ends the request.',
            { type: 'text/plain', example: EXAMPLE },
          ),
        },
        errors: [
          ...idErrors,
          'not_found',
          'unsupported_by_provider',
          'unsupported_by_runtime',
          'invalid_response',
          'provider_unreachable',
          'provider_timeout',
        ],
      },
      async (c: Context<Env, '/api/providers/:name/logs', LogsInput>) => {
        requireProviders(settings);
        const name = c.req.param('name');
        const { provider, manage: logs } = requireManaged(name, { registry, can: 'logs' });
        const asked = c.req.query('model') ?? null;
        const model = asked === null ? null : requireModel(joinId(name, asked), registry).model;
        const follow = c.req.query('follow') === '1';
        if (follow && !canFollow) throw new PaddockError('unsupported_by_runtime', NO_FOLLOW);
        const { signal } = c.req.raw;
        const ended = stopping === undefined ? signal : AbortSignal.any([signal, stopping]);
        const log = await openLog({ provider, logs, model, follow, ended });
        return new Response(log, { headers: HEADERS });
      },
    ),
  );
}
