// bench/ui/ measures what the console and the picker are like in a browser. It judges nothing: a goal that is missed is
// printed, and only what fails to run ends with an error. See README.md beside this file.

import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startChild } from './child.ts';
import type { Goal } from './goal.ts';
import { startPaddock } from './paddock.ts';
import { describeGoals } from './report.ts';
import { DIST, runBenchmark } from './run-benchmark.ts';
import { launchChromium } from './ui/chromium.ts';
import { toLongAnswer } from './ui/long-answer.ts';
import { describePaints, runPaintStage, toPaintGoals } from './ui/paint-stage.ts';
import { describePicker, runPickerStage, toPickerGoals } from './ui/picker-stage.ts';
import { timeInputs } from './ui/paint-clock.ts';
import { describeSizes, readSizes, toSizeGoals } from './ui/size-stage.ts';
import { describeStream, runStreamStage, toStreamGoals } from './ui/stream-stage.ts';
import { startWritingHost } from './ui/writing-host.ts';

interface Plan {
  /** How often the console is opened. */
  readonly openings: number;
  /** How often the picker is opened, and a star set. */
  readonly repetitions: number;
  /** How long the answer is. */
  readonly tokens: number;
}

const FULL: Plan = { openings: 7, repetitions: 9, tokens: 1500 };
const QUICK: Plan = { openings: 2, repetitions: 3, tokens: 200 };

const HOSTS = 20;
const MODELS = 2000;
const TOKENS_PER_SECOND = 100;

await runBenchmark({ full: FULL, quick: QUICK }, run);

async function run(plan: Plan, folder: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const goals: Goal[] = [
      ...(await measureLargeHerd(browser, { plan, folder })),
      ...(await measureChat(browser, { plan, folder })),
    ];
    console.log(describeGoals(goals));
  } finally {
    await browser.close();
  }
}

/** The console and its picker before a large herd. */
async function measureLargeHerd(
  browser: Browser,
  { plan, folder }: { plan: Plan; folder: string },
): Promise<Goal[]> {
  const args = [join(DIST, 'bench/herd.js'), `${HOSTS}:${MODELS / HOSTS}:0`];
  const herd = await startChild({ args, cwd: folder });
  const [ports = []] = JSON.parse(herd.firstLine) as number[][];
  const { url } = await startPaddock({ dist: DIST, folder, name: 'large', ports, models: MODELS });

  const paints = await runPaintStage(browser, { url, openings: plan.openings });
  console.log(`${describePaints(paints)}\n`);
  const sizes = readSizes(DIST, { firstScripts: paints.scripts });
  console.log(`${describeSizes(sizes)}\n`);

  const page = await browser.newPage();
  await timeInputs(page);
  await page.goto(`${url}/#/chat`);
  const picker = await runPickerStage(page, { models: MODELS, repetitions: plan.repetitions });
  console.log(`${describePicker(picker)}\n`);
  await page.close();
  return [...toPaintGoals(paints), ...toSizeGoals(sizes), ...toPickerGoals(picker)];
}

/** The chat, while a model writes into it. */
async function measureChat(
  browser: Browser,
  { plan, folder }: { plan: Plan; folder: string },
): Promise<Goal[]> {
  const text = toLongAnswer(plan.tokens);
  const host = await startWritingHost({ text, tokensPerSecond: TOKENS_PER_SECOND });
  const { url } = await startPaddock({
    dist: DIST,
    folder,
    name: 'writing',
    ports: [host.port],
    models: 1,
  });
  const page = await browser.newPage();
  await page.goto(`${url}/#/chat`);
  const figures = await runStreamStage(page, {
    tokens: plan.tokens,
    tokensPerSecond: TOKENS_PER_SECOND,
  });
  console.log(`${describeStream(figures)}\n`);
  await page.close();
  host.close();
  return toStreamGoals(figures);
}
