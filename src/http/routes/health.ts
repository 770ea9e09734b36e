import { Hono } from 'hono';
import * as v from 'valibot';
import { declareAnswer, named } from '../../schema.ts';
import { describe, jsonAnswer } from '../openapi/describe.ts';

/** The answer of `GET /health` and `GET /ready`. */
export const okAnswer = declareAnswer(named('Ok', v.object({ status: v.literal('ok') })), {
  status: 'ok',
});

/** Creates the route that reports that the process is alive. Supervisors use it without a key. */
export function healthRoutes() {
  return new Hono().get(
    '/health',
    describe(
      {
        tag: 'meta',
        summary: 'Whether the process lives',
        answers: { 200: jsonAnswer('It does', okAnswer) },
        open: true,
      },
      (c) => c.json(okAnswer.example, 200),
    ),
  );
}
