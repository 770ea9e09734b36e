import { describe, expect, it, test } from 'vitest';
import { findDeadPort, startModels, whileTesting } from '../hosts.ts';
import { makeApp } from '../make-app.ts';

async function start(...models: string[]): Promise<string> {
  const host = await whileTesting(startModels(models));
  return `127.0.0.1:${host.port}`;
}

/** An app with the providers `a`, `b` and `offline`. The port of `offline` is closed. */
async function setUp(roles: Record<string, string>) {
  const app = makeApp({
    PROVIDERS: `a=llama-swap://${await start('x', 'org/y:q4')} b=llama-swap://${await start('x')}
      offline=llama-swap://127.0.0.1:${await findDeadPort()}`,
    MODEL_ALIASES: 'fast=b/x',
    ...roles,
  });
  return app;
}

const ids = ({ roles }: any) => ({
  default: roles.default?.id ?? null,
  task: roles.task?.id ?? null,
  compaction: roles.compaction?.id ?? null,
  arena: roles.arena.map(({ id }: any) => id),
});

describe('the roles', () => {
  it('are resolved as any ID', async () => {
    const app = await setUp({
      DEFAULT_MODEL: 'org/y:q4',
      TASK_MODEL: 'fast',
      ARENA_MODELS: 'a/x, b/x, offline/z',
    });
    await app.read('/api/models');
    const answer = await app.read('/api/roles');
    expect(ids(answer)).toEqual({
      default: 'a/org/y:q4',
      task: 'b/x',
      compaction: 'a/org/y:q4',
      arena: ['a/x', 'b/x', 'offline/z'],
    });
    expect(answer.roles.task).toEqual({
      ...(await app.read('/api/resolve?model=fast')),
      via: 'alias',
    });
    expect(answer.roles.default.via).toBe('bare');
    for (const role of ['default', 'task', 'compaction']) {
      expect(await app.read(`/api/resolve?role=${role}`)).toEqual(answer.roles[role]);
    }
    expect(await app.read('/api/resolve?role=arena')).toEqual(answer.roles.arena[0]);
  });

  it('are null without settings, and resolving one names its settings', async () => {
    const app = await setUp({});
    expect(await app.read('/api/roles')).toEqual({
      roles: { default: null, task: null, compaction: null, arena: [] },
    });
    const messages = await Promise.all(
      ['default', 'task', 'compaction', 'arena'].map(async (role) => {
        const answer = await app.ask(`/api/resolve?role=${role}`);
        expect(answer.status).toBe(400);
        const { error } = (await answer.json()) as any;
        expect(error.code).toBe('model_required');
        return error.message;
      }),
    );
    expect(messages).toEqual([
      'No model has the role default: set DEFAULT_MODEL.',
      'No model has the role task: set TASK_MODEL or DEFAULT_MODEL.',
      'No model has the role compaction: set COMPACTION_MODEL or DEFAULT_MODEL.',
      'No model has the role arena: set ARENA_MODELS.',
    ]);
  });

  it.each(['chat', '', 'Default', 'toString', 'task&role=task'])(
    'do not include "%s": the error lists the four',
    async (role) => {
      const answer = await (await setUp({})).ask(`/api/resolve?role=${role}`);
      expect(answer.status).toBe(400);
      expect(((await answer.json()) as any).error).toEqual({
        message: 'The role is unknown. The roles are default, task, compaction, arena.',
        type: 'invalid_request_error',
        param: 'role',
        code: 'invalid_request',
      });
    },
  );

  it.each(['?model=x&role=task', ''])('cannot be resolved with "%s"', async (query) => {
    const answer = await (await setUp({ DEFAULT_MODEL: 'x' })).ask(`/api/resolve${query}`);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as any).error.message).toMatch(/either a model or a role/);
  });

  test('are 503 without providers', async () => {
    expect((await makeApp({ DEFAULT_MODEL: 'x' }).ask('/api/roles')).status).toBe(503);
  });
});

describe('drift', () => {
  const roles = { DEFAULT_MODEL: 'a/gone', TASK_MODEL: 'offline/gone', COMPACTION_MODEL: 'x' };

  it('is reported for a model that its online provider does not list, and logged once', async () => {
    const app = await setUp(roles);
    const before = await app.read('/api/roles');
    expect(before.roles.default).toMatchObject({ available: null });
    expect(before.roles.default).not.toHaveProperty('drift');

    await app.read('/api/models?refresh=1');
    await app.read('/api/models?refresh=1');
    const { roles: after } = await app.read('/api/roles');
    expect(after.default).toMatchObject({ id: 'a/gone', drift: true, available: false });
    expect(after.task).toMatchObject({ id: 'offline/gone', available: false });
    expect(after.task).not.toHaveProperty('drift');
    expect(after.compaction).toMatchObject({ id: 'a/x', available: true });
    expect(after.compaction).not.toHaveProperty('drift');
    expect(await app.read('/api/resolve?role=default')).toMatchObject({ drift: true });
    expect(app.logged).toEqual([
      'DEFAULT_MODEL is "a/gone", but a does not list "gone": set it to a model of /api/models.',
    ]);
  });
});
