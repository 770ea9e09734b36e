import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { listen, type Listener } from '../../demo/listen.ts';

/** Serves a folder's files on a new origin. */
export function serveFolder(folder: string): Promise<Listener> {
  const app = new Hono().use(serveStatic({ root: folder }));
  return listen(async (request) => app.fetch(request));
}
