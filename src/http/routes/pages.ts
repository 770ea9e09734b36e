import { Hono, type Context } from 'hono';
import { toNotFound } from '../not-found.ts';
import { sendAsset, type ReadAsset } from './send-asset.ts';

/** The console runs only its own build, connects only to this Paddock, and cannot be framed. */
const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The API reference loads only its own scripts and styles. Swagger UI writes style attributes and data: images. */
const DOCS_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

const CONSOLE = {
  'cache-control': 'no-store',
  'content-security-policy': CONSOLE_POLICY,
  // Clients of Ollama get another answer.
  vary: 'accept-encoding, user-agent',
};

/** The file names of the console's parts change with their content. */
const PART = { 'cache-control': 'public, max-age=31536000, immutable' };

/** Any page may load the picker. */
const PICKER = {
  'cache-control': 'no-cache',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
};

const DOCS = { 'cache-control': 'no-cache', 'content-security-policy': DOCS_POLICY };

/** The name of a file that is not a compressed copy. */
const FILE = /^[\w-]+(?:\.[\w-]+)*(?<!\.(?:br|gz))$/u;

/** Whether a client of Ollama asks, whose first request checks that Ollama is there. */
function namesOllama(c: Context): boolean {
  return /ollama/iu.test(c.req.header('user-agent') ?? '');
}

function greetOllama(c: Context): Response {
  return c.text('Ollama is running', 200, { vary: 'user-agent' });
}

/** Creates the routes of the web pages. The pages hold no secrets, and ask for a key themselves if keys are set. */
export function pagesRoutes({ readAsset }: { readAsset: ReadAsset }) {
  const send = (path: string, headers: Readonly<Record<string, string>>) => (c: Context) =>
    sendAsset(c, { read: readAsset, path, headers });
  const sendFrom = (folder: string, headers: Readonly<Record<string, string>>) => (c: Context) => {
    const file = c.req.param('file') ?? '';
    if (!FILE.test(file)) throw toNotFound(c.req.path);
    return send(folder + file, headers)(c);
  };

  const sendConsole = send('/index.html', CONSOLE);

  // No pattern with groups in the path: it would force every route of the app onto a slower router.
  return new Hono()
    .get('/', (c) => (namesOllama(c) ? greetOllama(c) : sendConsole(c)))
    .get('/console/:file', sendFrom('/console/', PART))
    .get('/picker.js', send('/picker.js', PICKER))
    .get('/docs', send('/docs/index.html', DOCS))
    .get('/docs/', (c) => c.redirect('/docs'))
    .get('/docs/:file', sendFrom('/docs/', DOCS))
    .on('GET', ['/console/*', '/docs/*'], (c) => {
      throw toNotFound(c.req.path);
    });
}
