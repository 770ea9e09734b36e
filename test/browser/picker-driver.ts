// Drives a picker as a person does, by what it says to screen readers.

import type { Locator, Page } from 'playwright-core';

/** Opens the picker of a page, where it is closed, and answers its list. */
export async function openPicker(page: Page): Promise<Locator> {
  const picker = page.locator('model-picker').first();
  const list = picker.getByRole('listbox');
  if (!(await list.isVisible())) await picker.getByRole('button', { expanded: false }).click();
  await list.waitFor();
  return list;
}

/** The options of a model on a host, starred or not as is said; there are two while it is a favorite. */
export function findOptions(
  list: Locator,
  { name, host, favorite }: { name: string; host: string; favorite: boolean },
): Locator {
  // Playwright takes an apostrophe in a pattern for the beginning of a text.
  const [start, place] = [name, host].map((text) => text.replaceAll(/[^\w ]/gu, '.'));
  const star = favorite ? '(?=.*, favorite\\b)' : '(?!.*, favorite\\b)';
  const label = new RegExp(`^${start},(?=.*${place})${star}`, 'u');
  return list.getByRole('option', { name: label });
}
