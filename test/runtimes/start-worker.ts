import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { ROOT } from '../root.ts';
import { SHARED_FOLDER } from '../shared-folder.ts';
import type { Instance } from './runtimes.ts';

const CONFIG = join(ROOT, 'wrangler.toml');
const BUNDLE_TIMEOUT_MS = 60_000;

/** The wrangler command. */
export const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');

/** Keeps wrangler from asking for input and from using the network. */
export const WRANGLER_ENV = {
  CI: '1',
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
};

/** Starts the deployable Worker in workerd, with its assets. */
export async function startWorker(settings: Record<string, string>): Promise<Instance> {
  const folder = await bundleWorker();
  const { Miniflare } = await import('miniflare');
  let output = '';
  const miniflare = new Miniflare({
    // A list of modules, because Miniflare would also look for the packages of optional imports.
    modules: [{ type: 'ESModule', path: join(folder, 'index.js') }],
    modulesRoot: folder,
    ...readConfig(),
    bindings: settings,
    host: '127.0.0.1',
    cf: false,
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const stream of [stdout, stderr]) {
        stream.on('data', (chunk: Buffer) => (output += String(chunk)));
      }
    },
  });
  const stop = () => miniflare.dispose();
  const url = (await miniflare.ready).origin;
  return { url, pid: null, output: () => output, stop, kill: stop };
}

/** Bundles the Worker as `wrangler deploy` does, once for all test files of a run. */
async function bundleWorker(): Promise<string> {
  const folder = join(inject(SHARED_FOLDER), 'worker');
  const done = join(folder, 'done');
  if (mkdirSync(folder, { recursive: true }) !== undefined) {
    const args = ['deploy', '--dry-run', '--config', CONFIG, '--outdir', folder];
    const { PATH, HOME } = process.env;
    await promisify(execFile)(process.execPath, [WRANGLER, ...args], {
      cwd: ROOT,
      env: { PATH, HOME, ...WRANGLER_ENV },
    });
    writeFileSync(done, '');
  }
  const until = performance.now() + BUNDLE_TIMEOUT_MS;
  while (!existsSync(done)) {
    if (performance.now() > until) throw new Error('The Worker was not bundled');
    await sleep(50);
  }
  return folder;
}

/** What wrangler.toml says about the Worker, as Miniflare's options. */
function readConfig() {
  const config = readFileSync(CONFIG, 'utf8');
  const read = (name: string) => {
    const [, value] = new RegExp(`^${name} = (.*)$`, 'm').exec(config) ?? [];
    if (value === undefined) throw new Error(`wrangler.toml has no ${name}`);
    return JSON.parse(value);
  };
  return {
    compatibilityDate: read('compatibility_date') as string,
    compatibilityFlags: read('compatibility_flags') as string[],
    assets: {
      directory: join(ROOT, read('directory') as string),
      binding: read('binding') as string,
      assetConfig: { html_handling: read('html_handling') as 'none' },
      routerConfig: {
        has_user_worker: true,
        invoke_user_worker_ahead_of_assets: read('run_worker_first') as boolean,
      },
    },
  };
}
