import type { Context, Env, Hono, Schema } from 'hono';
import { generateSpecs } from 'hono-openapi';
import { VERSION } from '../../version.ts';
import { sendDocument, toEtag, type Document } from '../documents.ts';
import { compactDocument } from './compact-document.ts';
import { toSharedResponses } from './error-answers.ts';
import { HEADERS } from './headers.ts';
import { PARAMETERS } from './parameters.ts';
import { toSecurity } from './security-schemes.ts';

const DOCUMENTATION = {
  info: {
    title: 'Paddock',
    version: VERSION,
    description: 'One gateway to a fleet of llama-swap and other model servers.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'This Paddock' }],
  tags: [
    { name: 'catalog', description: 'The models of all providers' },
    { name: 'management', description: 'Loaded models, unloading and diagnosis' },
    { name: 'gateway', description: 'Requests that Paddock forwards to the provider of a model' },
    { name: 'favorites', description: 'The favorites that all clients share' },
    { name: 'meta', description: 'The state of Paddock itself' },
  ],
};

/** Creates the route of an app's OpenAPI document, which is generated at the first request and cached. */
export function sendOpenApi<E extends Env, S extends Schema>(
  app: Hono<E, S>,
  { needsKey }: { needsKey: boolean },
) {
  const { security, components } = toSecurity(needsKey);
  let document: Document | null = null;

  async function render(c: Context): Promise<Document> {
    const shared = { responses: toSharedResponses(), headers: HEADERS, parameters: PARAMETERS };
    const documentation = { ...DOCUMENTATION, security, components: { ...components, ...shared } };
    const options = {
      documentation,
      defaultValidationErrorResponse: false,
      // /api/opencode.json ends like a static file.
      excludeStaticFile: false,
    };
    const specs = compactDocument(await generateSpecs(app, options, c), PARAMETERS);
    const body = new TextEncoder().encode(JSON.stringify(specs));
    return { body, etag: await toEtag(body) };
  }

  return async (c: Context) => sendDocument(c, (document ??= await render(c)));
}
