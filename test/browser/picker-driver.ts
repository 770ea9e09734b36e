// Uses a picker through its accessible names, as a screen reader does.

import type { Locator, Page } from 'playwright-core';

/** Opens the page's picker if it is closed. Returns its list. */
export async function openPicker(page: Page): Promise<Locator> {
  const picker = page.locator('model-picker').first();
  const list = picker.getByRole('listbox');
  if (!(await list.isVisible())) await picker.getByRole('button', { expanded: false }).click();
  await list.waitFor();
  return list;
}

/** Finds the options of a host's model, only favorites or only others. A favorite has two options. */
export function findOptions(
  list: Locator,
  { name, host, favorite }: { name: string; host: string; favorite: boolean },
): Locator {
  // In a pattern, Playwright parses an apostrophe as the start of a string.
  const [start, place] = [name, host].map((text) => text.replaceAll(/[^\w ]/gu, '.'));
  const star = favorite ? '(?=.*, favorite\\b)' : '(?!.*, favorite\\b)';
  const label = new RegExp(`^${start},(?=.*${place})${star}`, 'u');
  return list.getByRole('option', { name: label });
}
