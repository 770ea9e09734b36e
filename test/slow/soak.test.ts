import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { makeFolder } from '../make-app.ts';
import { ROOT } from '../runtimes/runtimes.ts';
import { OWN_KINDS } from '../soak/draw-request.ts';
import { INFERENCE_KINDS } from '../soak/exchange.ts';
import type { SoakFigures } from '../soak/report.ts';

it('answers a minute of mixed traffic and faults without losing or mixing up an answer', async () => {
  await build({ root: ROOT, configFile: join(ROOT, 'vite.tools.config.ts'), logLevel: 'warn' });
  const json = join(makeFolder(), 'soak.json');
  const program = join(ROOT, 'dist/tools/soak.js');
  const args = [program, '--seconds', '60', '--clients', '8', '--json', json];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((error: unknown) => {
    // The output tells what failed.
    throw new Error((error as { stdout: string }).stdout, { cause: error });
  });
  const figures = JSON.parse(readFileSync(json, 'utf8')) as SoakFigures;
  expect(stdout.trimEnd()).toMatch(/^verdict: sound$/mu);
  expect(figures).toMatchObject({ verdict: 'sound', lost: 0, wrong: 0 });
  for (const kind of [...INFERENCE_KINDS, ...OWN_KINDS]) {
    expect(figures.kinds[kind]?.right, kind).toBeGreaterThan(0);
  }
  expect(figures.faults).toBeGreaterThan(0);
});
