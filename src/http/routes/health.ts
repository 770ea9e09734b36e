import { Hono } from 'hono';
import { describe, jsonAnswer } from '../openapi/describe.ts';
import { okExample } from '../openapi/examples.ts';
import { okSchema } from '../openapi/schemas.ts';

/** Whether the process lives: for whoever restarts it, who has no key. */
export function healthRoutes() {
  return new Hono().get(
    '/health',
    describe(
      {
        tag: 'meta',
        summary: 'Whether the process lives',
        answers: { 200: jsonAnswer('It does', { schema: okSchema, example: okExample }) },
        open: true,
      },
      (c) => c.json(okExample, 200),
    ),
  );
}
