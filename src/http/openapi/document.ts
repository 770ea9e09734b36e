import type { Context, Env, Hono, Schema } from 'hono';
import { generateSpecs } from 'hono-openapi';
import { VERSION } from '../../version.ts';
import { sendDocument, toEtag, type Document } from '../documents.ts';
import { toSharedResponses } from './error-answers.ts';
import { HEADERS } from './headers.ts';
import { PARAMETERS } from './parameters.ts';
import { toSecurity } from './security-schemes.ts';

type Named = Readonly<Record<string, unknown>>;
type Components = Readonly<Record<string, Named | undefined>>;
type Paths = Readonly<
  Record<string, Readonly<Record<string, { readonly parameters?: unknown[] }>>>
>;

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
    { name: 'management', description: 'Loading and unloading models, logs and diagnosis' },
    { name: 'gateway', description: 'Requests that Paddock forwards to the provider of a model' },
    { name: 'llama-swap', description: 'llama-swap’s own API over all providers' },
    { name: 'ollama', description: 'Ollama’s API over all providers' },
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

/** Makes a document smaller: shared parameters become references, and components without a reference go. */
function compactDocument<T extends object>(document: T, parameters: Named): T {
  const names = new Map(Object.entries(parameters).map(([name, parameter]) => [parameter, name]));
  const { paths, components } = document as unknown as { paths: Paths; components: Components };
  const toRef = (parameter: unknown) => {
    const name = names.get(parameter);
    return name === undefined ? parameter : { $ref: `#/components/parameters/${name}` };
  };
  const compact = mapValues(paths, (methods) =>
    mapValues(methods, (operation) => ({
      ...operation,
      parameters: operation.parameters?.map(toRef),
    })),
  );
  return { ...document, paths: compact, components: pickUsed(compact, components) };
}

/** The components that a path refers to, sorted by name. Security schemes are named without a reference. */
function pickUsed(paths: unknown, { securitySchemes, ...components }: Components): Components {
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    for (const ref of findRefs(value)) {
      if (used.has(ref)) continue;
      used.add(ref);
      const [, , kind = '', name = ''] = ref.split('/');
      visit(components[kind]?.[name]);
    }
  };
  visit(paths);
  const picked = mapValues(components, (entries = {}, kind) =>
    Object.fromEntries(
      Object.entries(entries)
        .filter(([name]) => used.has(`#/components/${kind}/${name}`))
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ),
  );
  return { ...picked, securitySchemes };
}

function findRefs(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : findRefs(inner),
  );
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  toValue: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, toValue(value, key)]),
  );
}
