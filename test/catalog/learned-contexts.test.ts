import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLearnedContexts } from '../../src/catalog/learned-contexts.ts';
import type { Database } from '../../src/database/database.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';

const ROW = { provider: 'a', model: 'org/m', tokens: 4096, command_tokens: null };

/** What was learned, in a database that takes its time. */
function setUp(takesMs: number, patienceMs?: number) {
  const database: Pick<Database, 'read' | 'write'> = {
    read: async () => {
      await sleep(takesMs);
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

const LEARNED = { tokens: 4096, command: null };

describe('what was learned', () => {
  it('is not waited for where the database is slow, and known to the next list', async () => {
    const contexts = setUp(500);
    expect((await contexts.load()).size).toBe(0);
    await sleep(400);
    expect(Object.fromEntries(await contexts.load())).toEqual({ 'a/org/m': LEARNED });
  });

  it('is waited for by those who ask only once', async () => {
    const contexts = setUp(500, 5000);
    expect(Object.fromEntries(await contexts.load())).toEqual({ 'a/org/m': LEARNED });
  });
});
