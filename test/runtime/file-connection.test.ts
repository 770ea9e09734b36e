import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@libsql/client';
import { expect, it } from 'vitest';
import { createFileConnection } from '../../src/runtime/file-connection.ts';
import { makeFolder } from '../make-app.ts';

it('opens a file that was replaced while the one before was prepared', async () => {
  const path = join(makeFolder(), 'x.db');
  writeFileSync(path, 'damaged');
  const opened: Client[] = [];
  const connect = createFileConnection({
    path,
    open: async () => {
      const client = { close: () => {} } as Client;
      opened.push(client);
      return client;
    },
    prepare: async (client) => {
      if (client !== opened[0]) return null;
      writeFileSync(`${path}.backup`, 'sound');
      renameSync(`${path}.backup`, path);
      throw new Error('The database file is damaged');
    },
    onReplaced: () => {},
  });
  await expect(connect('write')).rejects.toThrow(/damaged/u);
  expect(await connect('write')).toBe(opened[1]);
});
