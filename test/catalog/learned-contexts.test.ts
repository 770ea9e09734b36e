import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLearnedContexts } from '../../src/catalog/learned-contexts.ts';
import type { LoadedContext } from '../../src/catalog/loaded-context.ts';
import type { Database } from '../../src/database/database.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { makeFolder } from '../make-app.ts';

const ROW = { provider: 'a', model: 'org/m', tokens: 4096, command_tokens: null };

/** Learned contexts in a slow database. */
function setUp(delayMs: number, patienceMs?: number) {
  const database: Pick<Database, 'read' | 'write'> = {
    read: async () => {
      await sleep(delayMs);
      return [ROW];
    },
    write: async () => [],
  };
  return createLearnedContexts({
    database: { ...database, script: async () => {} },
    clock: systemClock,
    patienceMs,
    report: () => {},
  });
}

const LEARNED = { tokens: 4096, command: null, inputs: null };

describe('createLearnedContexts', () => {
  it('does not wait for a slow database, and has its rows for the next list', async () => {
    const contexts = setUp(500);
    expect((await contexts.load()).size).toBe(0);
    await sleep(400);
    expect(Object.fromEntries(await contexts.load())).toEqual({ 'a/org/m': LEARNED });
  });

  it('waits for a slow database when its patience allows it', async () => {
    const contexts = setUp(500, 5000);
    expect(Object.fromEntries(await contexts.load())).toEqual({ 'a/org/m': LEARNED });
  });

  it('keeps the learned inputs when another process learns only from the command', async () => {
    const database = openMigratedDatabase({
      url: `file:${join(makeFolder(), 'paddock.db')}`,
      authToken: null,
    });
    const start = () =>
      createLearnedContexts({
        database,
        clock: systemClock,
        patienceMs: 5000,
        report: (cause) => expect(cause).toBeNull(),
      });
    const learn = async (loaded: Partial<LoadedContext>) => {
      const contexts = start();
      const seen = { command: null, server: null, inputs: null, ...loaded };
      contexts.learn(new Map(), new Map([['a/m', seen]]));
      await contexts.save();
    };
    const inputs = ['text', 'image'];
    await learn({ server: 4096, inputs });
    await learn({ command: 2048 });
    const known = { 'a/m': { tokens: 2048, command: 2048, inputs } };
    expect(Object.fromEntries(await start().load())).toEqual(known);
    await learn({ server: 4096, inputs: ['text'] });
    expect((await start().load()).get('a/m')?.inputs).toEqual(['text']);
  });
});
