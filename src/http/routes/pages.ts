import { Hono, type MiddlewareHandler } from 'hono';
import { toNotFound } from '../not-found.ts';

/** The reference page runs its own scripts and styles alone; Swagger UI writes style attributes and data: images. */
const DOCS_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** The pages for people. They hold nothing secret, and ask for a key themselves where there are keys. */
export function pagesRoutes({ assets }: { assets: MiddlewareHandler }) {
  return new Hono()
    .get('/', (c) => c.redirect('/docs'))
    .use('/docs/*', async (c, next) => {
      await next();
      c.header('content-security-policy', DOCS_POLICY);
    })
    .get('/docs', assets)
    .get('/docs/', (c) => c.redirect('/docs'))
    .get('/docs/:file', assets)
    .on('GET', ['/docs', '/docs/*', '/console/*', '/picker.js'], (c) => {
      throw toNotFound(c.req.path);
    });
}
