import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../shared/paths.ts';

const TIMEOUT_MS = 60_000;

/** Bundles the Worker as `wrangler deploy` would. Returns the folder, the compatibility date and the flags as JSON. */
export async function bundleWorker(folder: string): Promise<[string, string, string]> {
  const config = join(ROOT, 'wrangler.toml');
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  const args = [wrangler, 'deploy', '--dry-run', '--config', config, '--outdir', folder];
  const offline = { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' };
  const env = { PATH: process.env['PATH'], HOME: folder, CI: '1', ...offline };
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env, timeout: TIMEOUT_MS });
  const text = readFileSync(config, 'utf8');
  const [, date = ''] = /^compatibility_date = "(.*)"$/mu.exec(text) ?? [];
  const [, flags = '[]'] = /^compatibility_flags = (.*)$/mu.exec(text) ?? [];
  return [folder, date, flags];
}
