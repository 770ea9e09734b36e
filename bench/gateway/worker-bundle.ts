import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The Worker as it would be deployed. */
interface WorkerBundle {
  readonly folder: string;
  readonly compatibilityDate: string;
  /** As JSON. */
  readonly compatibilityFlags: string;
}

const BUNDLE_MS = 60_000;

/** Bundles the Worker with wrangler, which deploys nothing and asks nobody. */
export async function bundleWorker(options: {
  root: string;
  folder: string;
}): Promise<WorkerBundle> {
  const { root } = options;
  const folder = mkdtempSync(join(options.folder, 'worker-'));
  const settings = join(root, 'wrangler.toml');
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const args = [wrangler, 'deploy', '--dry-run', '--config', settings, '--outdir', folder];
  await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      CI: '1',
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
    timeout: BUNDLE_MS,
  });
  const text = readFileSync(settings, 'utf8');
  const [, compatibilityDate = ''] = /^compatibility_date = "(.*)"$/mu.exec(text) ?? [];
  const [, compatibilityFlags = '[]'] = /^compatibility_flags = (.*)$/mu.exec(text) ?? [];
  return { folder, compatibilityDate, compatibilityFlags };
}
