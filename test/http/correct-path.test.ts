import { describe, expect, it } from 'vitest';
import { createCorrectPath } from '../../src/http/correct-path.ts';

const ROUTES = new Set([
  '/',
  '/v1/chat/completions',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/models',
  '/models',
  '/api/models',
  '/rerank',
  '/v1/rerank',
  '/health',
]);
const isRouted = (path: string) =>
  ROUTES.has(path) || /^\/(?:v1\/models|api\/favorites)\/./u.test(path);
const correct = createCorrectPath(isRouted);

describe('createCorrectPath', () => {
  it.each([
    ['/v1/v1/messages', '/v1/messages', 'twice'],
    ['/v1/v1/v1/messages', '/v1/messages', 'twice'],
    ['/v1//v1/messages/count_tokens', '/v1/messages/count_tokens', 'twice'],
    ['/v1/v1/models', '/v1/models', 'twice'],
    ['/v1/v1/models/lab/x', '/v1/models/lab/x', 'twice'],
    ['/chat/completions', '/v1/chat/completions', 'lacks'],
    ['/messages', '/v1/messages', 'lacks'],
    ['//models', '/models', 'slashes'],
    ['/models/', '/models', 'slashes'],
    ['/models/lab/x', '/v1/models/lab/x', 'lacks'],
    ['/v1//models', '/v1/models', 'slashes'],
    ['//v1/models', '/v1/models', 'slashes'],
    ['/v1/models/', '/v1/models', 'slashes'],
    ['/v1/chat//completions/', '/v1/chat/completions', 'slashes'],
    ['//api/models//', '/api/models', 'slashes'],
    ['/health/', '/health', 'slashes'],
    ['//rerank', '/rerank', 'slashes'],
    ['//v1/models/lab//x/', '/v1/models/lab//x/', 'slashes'],
    ['/v1//models/lab%2F%2Fx', '/v1/models/lab%2F%2Fx', 'slashes'],
    ['/api//favorites/lab//x', '/api/favorites/lab//x', 'slashes'],
  ])('reads %s as %s', (path, meant, why) => {
    expect(correct(path)).toEqual({ path: meant, note: expect.stringContaining(why) });
  });

  it.each([
    '/',
    '/v1/models',
    '/models',
    '/v1/models/lab//x/',
    '/v1/models//x',
    '/api/favorites/lab/x/',
    '/rerank',
    '/upstream/lab//x/',
    '//upstream/lab/x',
    '/v1/upstream/lab/x',
    '/v1/health',
    '/v1/api/models',
    '/nothing',
    '/v1/nothing/',
    '/v2/models',
    '',
    '*',
    '/v1',
    '//',
    '/v1/',
    '/%2Fv1/models',
  ])('leaves %j', (path) => {
    expect(correct(path)).toBeNull();
  });
});
