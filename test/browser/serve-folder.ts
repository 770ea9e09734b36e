import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { listen, type Listener } from '../../demo/listen.ts';

/** Serves files on an origin of their own, as any server of files would. */
export function serveFolder(folder: string): Promise<Listener> {
  const app = new Hono().use(serveStatic({ root: folder }));
  return listen(async (request) => app.fetch(request));
}
