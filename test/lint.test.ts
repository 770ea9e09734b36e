import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Lints files with the project's rules. Returns the rules that each file breaks. */
function lint(files: readonly (readonly [path: string, source: string])[]): Map<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-lint-'));
  folders.push(folder);
  for (const file of ['oxlint.config.mjs', 'package.json']) {
    copyFileSync(join(root, file), join(folder, file));
  }
  for (const [path, source] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), source);
  }
  const oxlint = join(root, 'node_modules/.bin/oxlint');
  const { stdout } = spawnSync(
    oxlint,
    ['-c', 'oxlint.config.mjs', '-f', 'json', 'src', 'ui', 'demo'],
    { cwd: folder, encoding: 'utf8' },
  );
  const output = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string }[];
    number_of_files: number;
  };
  expect(output.number_of_files).toBe(files.length);
  const broken = new Map<string, string[]>();
  for (const { filename, code } of output.diagnostics) {
    broken.set(filename, [...(broken.get(filename) ?? []), code]);
  }
  return broken;
}

const importing = (from: string) => `import { x } from '${from}';\nexport const y = x;\n`;
const using = (expression: string) => `export const y = () => ${expression};\n`;
const IMPORTS = 'eslint(no-restricted-imports)';
const GLOBALS = 'eslint(no-restricted-globals)';
const CYCLE = 'import(no-cycle)';

describe('the linter refuses', () => {
  const faulty = [
    ['src/errors.ts', importing('./resolve/x.ts'), IMPORTS],
    ['src/to-plain.ts', importing('./errors.ts'), IMPORTS],
    ['src/resolve/upwards.ts', importing('../http/x.ts'), IMPORTS],
    ['src/resolve/sideways.ts', importing('../registry/x.ts'), IMPORTS],
    ['src/resolve/deep.ts', importing('node:fs/promises'), IMPORTS],
    ['src/registry/settings.ts', importing('../settings/x.ts'), IMPORTS],
    ['src/settings/upwards.ts', importing('../upstream/x.ts'), IMPORTS],
    ['src/registry/node.ts', importing('node:fs'), IMPORTS],
    ['src/registry/bare-node.ts', importing('fs'), 'unicorn(prefer-node-protocol)'],
    ['src/registry/upwards.ts', importing('../upstream/x.ts'), IMPORTS],
    ['src/telemetry/upwards.ts', importing('../gateway/x.ts'), IMPORTS],
    ['src/telemetry/clock.ts', using('performance.now()'), GLOBALS],
    ['src/telemetry/metrics.ts', importing('prom-client'), IMPORTS],
    ['src/gateway/traces.ts', importing('@opentelemetry/api'), IMPORTS],
    ['src/gateway/growing-bytes.ts', using('setTimeout(() => {}, 1)'), GLOBALS],
    ['src/http/routes/metrics.ts', importing('prom-client'), IMPORTS],
    ['src/http/pretty-log.ts', importing('picocolors'), IMPORTS],
    ['src/http/traces.ts', importing('@opentelemetry/sdk-trace-base'), IMPORTS],
    ['src/http/middleware/caller.ts', using('crypto.randomUUID()'), GLOBALS],
    ['src/http/middleware/is-allowed-host.ts', using("fetch('http://host')"), GLOBALS],
    ['src/http/middleware/find-foreign-page.ts', using("process.env['HOST']"), GLOBALS],
    ['src/http/middleware/refuse-untrusted.ts', using('Date.now()'), GLOBALS],
    ['src/settings/allowed-hosts.ts', using("process.env['HOST']"), GLOBALS],
    ['src/database/pretty-log.ts', importing('picocolors'), IMPORTS],
    ['src/index.ts', importing('node:process'), IMPORTS],
    ['src/upstream/framework.ts', importing('hono'), IMPORTS],
    ['src/upstream/framework-part.ts', importing('hono/http-exception'), IMPORTS],
    ['src/upstream/upwards.ts', importing('../catalog/x.ts'), IMPORTS],
    ['src/database/sideways.ts', importing('../catalog/x.ts'), IMPORTS],
    ['src/catalog/upwards.ts', importing('../http/x.ts'), IMPORTS],
    ['src/catalog/sideways.ts', importing('../favorites/x.ts'), IMPORTS],
    ['src/catalog/again.ts', "export { x } from '../http/x.ts';\n", IMPORTS],
    ['src/favorites/sideways.ts', importing('../catalog/x.ts'), IMPORTS],
    ['src/favorites/client.ts', importing('@libsql/client'), IMPORTS],
    ['src/gateway/sideways.ts', importing('../catalog/x.ts'), IMPORTS],
    ['src/gateway/upwards.ts', importing('../http/x.ts'), IMPORTS],
    ['src/gateway/framework.ts', importing('hono'), IMPORTS],
    ['src/gateway/node.ts', importing('node:stream'), IMPORTS],
    ['src/doctor/upwards.ts', importing('../http/x.ts'), IMPORTS],
    ['src/doctor/sideways.ts', importing('../gateway/x.ts'), IMPORTS],
    ['src/doctor/diagnose.ts', using('new Date()'), GLOBALS],
    ['src/client/server.ts', importing('../catalog/x.ts'), IMPORTS],
    ['src/client/node.ts', importing('node:fs'), IMPORTS],
    ['src/http/routes/pick-events.ts', using('Date.now()'), GLOBALS],
    ['src/http/upwards.ts', importing('../app.ts'), IMPORTS],
    ['src/http/client.ts', importing('../client/x.ts'), IMPORTS],
    ['src/http/routes/upwards.ts', importing('../../app.ts'), IMPORTS],
    ['src/http/routes/runtime.ts', importing('../../runtime/node/node.ts'), IMPORTS],
    ['src/http/demo.ts', importing('../../demo/fleet.ts'), IMPORTS],
    ['src/http/node.ts', importing('node:http'), IMPORTS],
    ['src/http/server.ts', importing('@hono/node-server'), IMPORTS],
    ['src/app.ts', importing('./runtime/node/node.ts'), IMPORTS],
    ['ui/fleet/upwards.ts', importing('../picker/x.ts'), IMPORTS],
    ['ui/fleet/server.ts', importing('../../src/errors.ts'), IMPORTS],
    ['ui/picker/upwards.ts', importing('../console/x.ts'), IMPORTS],
    ['ui/picker/server.ts', importing('../../src/client/client.ts'), IMPORTS],
    ['ui/console/server.ts', importing('../../src/errors.ts'), IMPORTS],
    ['ui/console/chat/server.ts', importing('../../../src/client/client.ts'), IMPORTS],
    ['ui/console/node.ts', importing('node:fs'), IMPORTS],
    ['src/upstream/outcome-error.ts', using('Date.now()'), GLOBALS],
    ['src/gateway/waits.ts', using('setTimeout(() => {}, 1)'), GLOBALS],
    ['src/catalog/asks.ts', using("fetch('http://host')"), GLOBALS],
    ['src/resolve/asks.ts', using("fetch('http://host')"), GLOBALS],
    ['src/resolve/reads.ts', using("process.env['HOST']"), GLOBALS],
    ['src/registry/dates.ts', using('new Date()'), GLOBALS],
    ['src/registry/global.ts', using("globalThis['fetch']"), GLOBALS],
    ['src/gateway/headers.ts', using('new Date()'), GLOBALS],
    ['src/gateway/json-body.ts', using("fetch('http://host')"), GLOBALS],
    ['src/gateway/target.ts', using("process.env['HOST']"), GLOBALS],
    ['src/catalog/merge-catalog.ts', using('Date.now()'), GLOBALS],
    ['src/catalog/freshness.ts', using('setTimeout(() => {}, 1)'), GLOBALS],
    ['src/catalog/render-catalog.ts', using('performance.now()'), GLOBALS],
    [
      'src/catalog/cycle-a.ts',
      "import { b } from './cycle-b.ts';\nexport const a = () => b;\n",
      CYCLE,
    ],
    [
      'src/catalog/cycle-b.ts',
      "import { a } from './cycle-a.ts';\nexport const b = () => a;\n",
      CYCLE,
    ],
    [
      'src/http/parameters.ts',
      'export const sum = (a: number, b: number, c: number, d: number) => a + b + c + d;\n',
      'eslint(max-params)',
    ],
    ['src/http/any.ts', 'export const x = (y: any) => y;\n', 'typescript(no-explicit-any)'],
    [
      'src/http/long.ts',
      `export function long() {\n${"  console.log('');\n".repeat(61)}}\n`,
      'eslint(max-lines-per-function)',
    ],
    ['src/http/longer.ts', 'export {};\n'.repeat(251), 'eslint(max-lines)'],
  ] as const;
  const broken = lint(faulty.map(([path, source]) => [path, source]));

  it.each(faulty)('a fault in %s', (...[path, , rule]) => {
    expect(broken.get(path)).toEqual(expect.arrayContaining([rule]));
  });
});

describe('the linter passes', () => {
  const clean = [
    ['src/resolve/a.ts', importing('../errors.ts')],
    ['src/resolve/b.ts', importing('./a.ts')],
    ['src/registry/a.ts', importing('../resolve/a.ts')],
    ['src/upstream/a.ts', importing('../registry/a.ts')],
    ['src/upstream/b.ts', using('crypto.randomUUID()')],
    ['src/catalog/a.ts', importing('../upstream/a.ts')],
    ['src/catalog/snapshot-source.ts', using('new Date(0)')],
    ['ui/fleet/catalog.ts', importing('../../src/client/client.ts')],
    ['ui/picker/a.ts', importing('../fleet/catalog.ts')],
    ['ui/console/chat/a.ts', importing('../../picker/a.ts')],
    ['src/gateway/a.ts', importing('../upstream/a.ts')],
    ['src/gateway/transport.ts', using('new AbortController()')],
    ['src/database/a.ts', importing('@libsql/client/web')],
    ['src/favorites/a.ts', importing('../database/a.ts')],
    ['src/catalog/b.ts', importing('../database/a.ts')],
    ['src/doctor/a.ts', importing('../catalog/a.ts')],
    ['src/client/a.ts', importing('../app.ts')],
    ['src/cli/a.ts', importing('../client/a.ts')],
    ['src/http/a.ts', importing('hono')],
    ['src/http/routes/a.ts', importing('../../catalog/a.ts')],
    ['src/http/b.ts', 'export const sum = (a: number, b: number) => a + b;\n'],
    ['src/app.ts', importing('./http/a.ts')],
    ['src/index.ts', importing('./app.ts')],
    ['src/runtime/a.ts', importing('node:fs')],
    ['src/runtime/b.ts', importing('../app.ts')],
    ['demo/a.ts', importing('node:http')],
  ] as const;
  const broken = lint(clean);

  it.each(clean)('%s, whose imports are allowed', (path) => {
    expect(broken.get(path)).toBeUndefined();
  });
});
