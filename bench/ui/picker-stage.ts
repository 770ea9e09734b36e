import type { Locator, Page } from 'playwright-core';
import { toGoal, type Goal } from '../goal.ts';
import { median } from '../median.ts';
import { toTable } from '../table.ts';
import { timeInput } from './paint-clock.ts';

/** How quickly the picker follows its reader, in milliseconds from the input to the paint, once a repetition. */
export interface PickerFigures {
  readonly models: number;
  readonly openings: readonly number[];
  readonly stars: readonly number[];
}

const MOST_OPENING_MS = 100;
const MOST_STAR_MS = 50;

/** The gateway's answers to a star are so late, in milliseconds: what is seen before was not waited for. */
const LATE_MS = 500;

/** Opens the picker of a page, and toggles a favorite in it, some times. */
export async function runPickerStage(
  page: Page,
  { models, repetitions }: { models: number; repetitions: number },
): Promise<PickerFigures> {
  const picker = page.locator('model-picker').first();
  const button = picker.getByRole('button', { expanded: false });
  const list = picker.getByRole('listbox');
  const openings: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    openings.push(await timeInput(page, { type: 'click', act: () => button.click() }));
    await list.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
  }
  await button.click();
  await list.waitFor();
  const stars: number[] = [];
  await page.route('**/api/favorites/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    await route.continue();
  });
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const answered = page.waitForResponse('**/api/favorites/**');
    const before = await isStarred(list);
    stars.push(await timeInput(page, { type: 'keydown', act: () => page.keyboard.press('f') }));
    if ((await isStarred(list)) === before) throw new Error('A star was not seen in time');
    await answered;
  }
  await page.unroute('**/api/favorites/**');
  return { models, openings, stars };
}

/** Whether the option that the keyboard is on says that it is a favorite. */
async function isStarred(list: Locator): Promise<boolean> {
  const label = await list.evaluate((element) => {
    const id = element.getAttribute('aria-activedescendant') ?? '';
    return (element.getRootNode() as ShadowRoot).getElementById(id)?.ariaLabel ?? '';
  });
  return /, favorite\b/u.test(label);
}

/** The figures as a table. */
export function describePicker({ models, openings, stars }: PickerFigures): string {
  const toRow = (name: string, times: readonly number[]) => [
    name,
    median(times).toFixed(0),
    Math.max(...times).toFixed(0),
  ];
  return toTable(
    [`picker, ${models} models`, 'median ms', 'worst ms'],
    [
      toRow('click to painted list', openings),
      toRow(`key to painted star, answered after ${LATE_MS} ms`, stars),
    ],
  );
}

/** What the figures should be. */
export function toPickerGoals({ models, openings, stars }: PickerFigures): Goal[] {
  return [
    toGoal(`picker, ${models} models: opened, ms, worst`, {
      figure: Math.max(...openings),
      atMost: MOST_OPENING_MS,
    }),
    toGoal('picker: a star seen, ms, worst', { figure: Math.max(...stars), atMost: MOST_STAR_MS }),
  ];
}
