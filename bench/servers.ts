import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import { getBytes, startPaddock, type Paddock } from './paddock.ts';

/** How many providers each herd has. */
export const PROVIDERS = 20;

/** How many models each herd lists in all. */
export const MODELS = 2000;

/** How many providers of the second herd never answer. */
export const HANGING = 10;

/** The documents that are compared. */
const PATHS = ['/api/models', '/v1/models'] as const;

/** The servers that are compared. */
export interface Servers {
  /** Before a herd that is all awake. */
  readonly paddock: Paddock;
  /** Before a herd of as many providers and models, of which some providers hang. */
  readonly hanging: Paddock;
  readonly bare: { readonly url: string; readonly pid: number };
  /** The validator of `/api/models` at each Paddock. */
  readonly etags: { readonly paddock: string; readonly hanging: string };
  /** The size of each document, in bytes. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** Starts the herds, the two Paddocks and the bare handler, which holds the very bytes that the first Paddock sent. */
export async function startServers(dist: string, folder: string): Promise<Servers> {
  const awake = PROVIDERS - HANGING;
  const herds = [`${PROVIDERS}:${MODELS / PROVIDERS}:0`, `${awake}:${MODELS / awake}:${HANGING}`];
  const herd = await startChild({ args: [join(dist, 'bench/herd.js'), ...herds], cwd: folder });
  const [ports = [], hangingPorts = []] = JSON.parse(herd.firstLine) as number[][];
  const common = { dist, folder, models: MODELS };
  const paddock = await startPaddock({ ...common, name: 'paddock', ports });
  const hanging = await startPaddock({ ...common, name: 'hanging', ports: hangingPorts });

  const documents = await Promise.all(PATHS.map((path) => paddock.get(path)));
  const etag = documents[0]?.etag ?? '';
  const bare = await startBare({ dist, folder, etag, bodies: documents.map(({ body }) => body) });
  const sizes = PATHS.map((path, index) => [path, documents[index]?.body.byteLength ?? 0] as const);
  return {
    paddock,
    hanging,
    bare,
    etags: { paddock: etag, hanging: (await hanging.get('/api/models')).etag },
    sizes: Object.fromEntries(sizes),
  };
}

/**
 * Makes sure that what was measured was the same catalog all along.
 * @throws where a Paddock says something else now than it said before
 */
export async function checkUnchanged({ paddock, hanging, etags }: Servers): Promise<void> {
  for (const [server, etag] of [
    [paddock, etags.paddock],
    [hanging, etags.hanging],
  ] as const) {
    const now = (await server.get('/api/models')).etag;
    if (now !== etag) throw new Error(`${server.url}: expected ${etag} still but received ${now}`);
  }
}

async function startBare(options: {
  dist: string;
  folder: string;
  etag: string;
  bodies: readonly Buffer[];
}): Promise<Servers['bare']> {
  const { dist, folder, etag, bodies } = options;
  const files = PATHS.map((path, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, bodies[index] ?? '');
    return `${path}=${file}`;
  });
  const args = [join(dist, 'bench/bare.js'), etag, ...files];
  const { pid, firstLine } = await startChild({ args, cwd: folder });
  const url = `http://127.0.0.1:${firstLine}`;
  for (const [index, path] of PATHS.entries()) {
    const { body } = await getBytes(url + path);
    if (!bodies[index]?.equals(body)) throw new Error(`The bytes of ${path} differ`);
  }
  return { url, pid };
}
