import type { Context, Hono } from 'hono';
import { decodePath } from './host-state.ts';
import type { HostState } from './host-state.ts';
import { toModelRecords, toRunningEntries } from './model-records.ts';

const UNLOAD_ONE = '/api/models/unload/';

/** Mounts the management routes. Every release has the models list and the oldest unload. */
export function mountManagement(app: Hono, state: HostState): void {
  app.get('/v1/models', (c) => listModels(c, state));
  app.get('/unload', async (c) => {
    await unloadAll(state);
    return c.text('OK');
  });
  if (state.release !== 'old') mountLaterManagement(app, state);
}

function mountLaterManagement(app: Hono, state: HostState): void {
  const isCurrent = state.release === 'current';
  if (isCurrent) mountCurrentManagement(app, state);
  app.get('/running', (c) =>
    c.json({ running: toRunningEntries(state.models.list, state.loader) }),
  );
  app.get('/api/version', (c) =>
    c.json({
      version: isCurrent ? '251' : '230',
      commit: 'd3m0d3m0',
      build_date: '2026-08-20T09:00:00Z',
    }),
  );
  app.post('/api/models/unload', async (c) => {
    await unloadAll(state);
    return c.json({ msg: 'ok' });
  });
  app.post(`${UNLOAD_ONE}*`, (c) => unloadOne(c, state));
}

function mountCurrentManagement(app: Hono, state: HostState): void {
  const { profiles } = state;
  app.get('/models', (c) => listModels(c, state));
  app.get('/api/profiles', (c) => {
    const list = profiles.list.map((profile) => ({ description: '', ...profile }));
    return c.json({ active: profiles.active, profiles: list });
  });
  app.put('/api/profiles/active', async (c) => {
    const { name } = await c.req.json();
    if (name !== null && !profiles.list.some(({ id }) => id === name)) {
      return state.renderFailure(c.req.raw, {
        status: 404,
        message: `profile "${name}" not found`,
      });
    }
    profiles.active = name;
    return c.json({ active: name });
  });
}

function listModels(c: Context, state: HostState): Response {
  const origin = c.req.header('origin');
  if (origin !== undefined) c.header('access-control-allow-origin', origin);
  const data = toModelRecords(state.models.list, {
    loader: state.loader,
    created: Math.floor(Date.now() / 1000),
    release: state.release,
  });
  return c.json({ object: 'list', data });
}

async function unloadOne(c: Context, state: HostState): Promise<Response> {
  const name = decodePath(c.req.raw).slice(UNLOAD_ONE.length);
  const model = state.models.find(name);
  if (!model || model.peer !== undefined) {
    return state.renderFailure(c.req.raw, { status: 404, message: 'model not found' });
  }
  await state.loader.unload([model.id]);
  return c.text('OK');
}

function unloadAll({ loader, models }: HostState): Promise<void> {
  return loader.unload(models.list.map((model) => model.id));
}
