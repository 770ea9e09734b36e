import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { readBuiltProgram } from '../client/built-program.ts';
import { startModels } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { ROOT, SERVERS, startForTest, startServer } from '../runtimes/runtimes.ts';

const TIMEOUT_MS = 120_000;
const AI_SDK = ['@ai-sdk/openai-compatible', '@ai-sdk/provider'];
const NPM_ENV = { npm_config_offline: 'true', npm_config_update_notifier: 'false' };

/** A folder with the package and its dependencies in node_modules, without development dependencies. */
const folder = mkdtempSync(join(tmpdir(), 'paddock-package-'));
const installed = join(folder, 'node_modules/llama-paddock');
const inPackage = (path: string) => join(installed, path);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command and returns its output. Rejects if the command fails. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, ...NPM_ENV };
  const options = { cwd, env, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' as const };
  return (await promisify(execFile)(command, [...args], options)).stdout;
}

/** Packs a copy of the repository, so that it contains its own build and does not delete the one in use. */
async function pack(): Promise<string> {
  const copy = join(folder, 'repository');
  const isLeftOut = /^(?:\..*|node_modules|dist|data|test)$/u;
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (source) => !isLeftOut.test(relative(ROOT, source).split('/')[0] ?? ''),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await run('npm', ['pack', '--pack-destination', folder], copy);
  return join(folder, `llama-paddock-${VERSION}.tgz`);
}

/** Links one of the repository's packages into the folder. */
function link(name: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), path);
}

/** Installs the optional peer dependencies, or removes them. */
function setAiSdk({ isInstalled }: { isInstalled: boolean }): void {
  for (const name of AI_SDK) {
    rmSync(join(folder, 'node_modules', name), { force: true });
    if (isInstalled) link(name);
  }
}

describe('the package', () => {
  let tarball: string;
  let manifest: {
    version: string;
    bin: { paddock: string };
    dependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
    peerDependenciesMeta: Record<string, unknown>;
  };

  beforeAll(async () => {
    tarball = await pack();
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], folder);
    manifest = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as typeof manifest;
    for (const name of Object.keys(manifest.dependencies)) link(name);
    link('@types/node');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    // As npm does for commands.
    chmodSync(inPackage(manifest.bin.paddock), 0o755);
    mkdirSync(join(folder, 'node_modules/.bin'));
    symlinkSync(inPackage(manifest.bin.paddock), join(folder, 'node_modules/.bin/paddock'));
  }, TIMEOUT_MS);

  it('contains the built files and no sources or tests', () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(installed, join(entry.parentPath, entry.name)));
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'package.json',
        'dist/assets/docs/swagger-ui-bundle.js',
        'dist/cli/paddock.js',
        'dist/client.js',
        'dist/runtime/bun.js',
        'dist/runtime/node.js',
        'dist/types/client/client.d.ts',
        ...readdirSync(join(ROOT, 'migrations')).map((name) => `migrations/${name}`),
        ...readdirSync(join(ROOT, 'public'), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
          .map((path) => path.replace('public', 'dist/assets')),
      ]),
    );
    const made =
      /^(?:src|test|demo|bench|docs|scripts)\/|^dist\/tools\/|dev-worker|\.test\.|\.map$|(?<!\.d)\.ts$/u;
    expect(files.filter((path) => made.test(path))).toEqual([]);
    expect(statSync(tarball).size).toBeLessThan(2_500_000);
  });

  it('imports only its dependencies', () => {
    const programs = ['dist/cli/paddock.js', 'dist/runtime/node.js', 'dist/runtime/bun.js'];
    for (const program of [...programs, 'dist/client.js']) {
      const { packages } = readBuiltProgram(inPackage(program));
      expect(packages).not.toEqual([]);
      const needed = packages.filter((name) => !AI_SDK.includes(name));
      expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining(needed));
    }
  });

  it('has at most 18 dependencies, and the AI SDK as optional peers', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(18);
    expect(Object.keys(manifest.peerDependencies)).toEqual(AI_SDK);
    expect(Object.entries(manifest.peerDependenciesMeta)).toEqual(
      AI_SDK.map((name) => [name, { optional: true }]),
    );
  });

  it('prints its version', async () => {
    const cli = inPackage('dist/cli/paddock.js');
    expect(await run(process.execPath, [cli, '--version'], folder)).toBe(`${manifest.version}\n`);
    expect(VERSION).toBe(manifest.version);
  });

  it('has a command that runs in any folder', async () => {
    const command = join(folder, 'node_modules/.bin/paddock');
    const elsewhere = makeFolder();
    expect(await run(command, ['--help'], elsewhere)).toMatch(/^Usage: paddock /u);
    expect(await run(command, ['migrate'], elsewhere)).toMatch(/^Applied 0001_favorites\.sql$/mu);
  });

  describe.each([
    [
      'a page, by a bundler',
      { module: 'esnext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM'], types: [] },
    ],
    [
      'a program on Node',
      { module: 'nodenext', moduleResolution: 'nodenext', lib: ['ES2022'], types: ['node'] },
    ],
  ])('its client for %s', (_name, options) => {
    it.each([[false], [true]])('is typed, with the AI SDK installed: %s', async (isInstalled) => {
      setAiSdk({ isInstalled });
      const files = { 'right.ts': RIGHT, 'wrong.ts': WRONG };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      // Also checks all imported declarations.
      const always = { strict: true, noEmit: true, target: 'es2022', skipLibCheck: false };
      const config = { compilerOptions: { ...always, ...options }, files: Object.keys(files) };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      const output = await run(process.execPath, [tsc, '--pretty', 'false'], folder).catch(
        ({ stdout }: { stdout: string }) => stdout,
      );
      const errors = output
        .split('\n')
        .filter((line) => /^\S/u.test(line))
        .map((line) => line.replace(/^(\S+)\((\d+),\d+\): error (TS\d+): .*$/u, '$1 $2 $3'));
      expect(errors).toEqual([
        'wrong.ts 3 TS2339',
        'wrong.ts 4 TS2322',
        'wrong.ts 5 TS2322',
        'wrong.ts 6 TS2322',
        ...(isInstalled ? ['wrong.ts 7 TS2339'] : []),
        'wrong.ts 8 TS2345',
      ]);
    });
  });

  it.each(SERVERS)('serves on %s, where its client runs too', async (_name, { command }) => {
    const host = await startModels(['m']);
    onTestFinished(() => host.close());
    const program = relative(ROOT, inPackage('dist/cli/paddock.js'));
    const { url } = await startForTest(
      startServer(
        { command, program },
        {
          cwd: makeFolder(),
          args: ['serve'],
          settings: { PROVIDERS: `mine=llama-swap://127.0.0.1:${host.port}` },
        },
      ),
    );
    writeFileSync(join(folder, 'consumer.js'), CONSUMER);
    const message = `languageModel() needs the package ${AI_SDK[0]}, which cannot be loaded. Install it: npm install ${AI_SDK[0]}@2`;
    for (const [isInstalled, generated] of [
      [false, ['Error', message]],
      // The provider has no such route.
      [true, ['AI_APICallError', expect.any(String)]],
    ] as const) {
      setAiSdk({ isInstalled });
      expect(JSON.parse(await run(command, ['consumer.js', url], folder))).toEqual({
        models: ['mine/m'],
        favorites: ['mine/m'],
        refused: [true, 404, 'unknown_provider'],
        model: 'mine/m',
        generated,
      });
    }
    for (const path of ['/docs', '/docs/swagger-ui-bundle.js']) {
      expect((await fetch(url + path)).status).toBe(200);
    }
  });
});

const RIGHT = `
import { createPaddock, PaddockApiError, type Catalog, type Paddock } from 'llama-paddock/client';
export async function list(paddock: Paddock): Promise<string[]> {
  const catalog: Catalog = await paddock.models({ refresh: true });
  return catalog.providers.flatMap(({ models }) => models.map(({ id }) => id.toUpperCase()));
}
export const isFull = (error: unknown): boolean =>
  error instanceof PaddockApiError && error.code === 'conflict';
export const paddock = createPaddock({ url: 'http://paddock.test', fetch: (input, init) => fetch(input, init) });
export const { modelId } = paddock.languageModel('a/m');
`;

const WRONG = `import { createPaddock, PaddockApiError, type Model } from 'llama-paddock/client';
const paddock = createPaddock({ url: 'http://paddock.test' });
export const { nothing } = await paddock.models();
export const resolution = await paddock.resolve({ role: 'jockey' });
export const state: Model['state'] = 'asleep';
export const tokens: number = (await paddock.context('a/m')).contextWindow;
export const none = paddock.languageModel('a/m').nothing;
export const added = await paddock.favorites.add(7);
`;

const CONSUMER = `
import { createPaddock, PaddockApiError } from 'llama-paddock/client';
const paddock = createPaddock({ url: process.argv[2] });
const { providers } = await paddock.models();
await paddock.favorites.add('m');
const idsOf = (entries) => entries.map(({ id }) => id);
const refused = await paddock.unloadAll('no provider').catch((error) => error);
const model = paddock.languageModel('mine/m');
const generated = await model.doGenerate({ prompt: [] }).catch(({ name, message }) => [name, message]);
console.log(JSON.stringify({
  models: providers.flatMap(({ models }) => idsOf(models)),
  favorites: idsOf(await paddock.favorites.list()),
  refused: [refused instanceof PaddockApiError, refused.status, refused.code],
  model: model.modelId,
  generated,
}));
`;
