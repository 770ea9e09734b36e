import { expect, it } from 'vitest';
import { isInWindow, placePopup } from '../../../ui/picker/place-popup.ts';

const WINDOW = { width: 1000, height: 800 };
const boxAt = (left: number, top: number) => ({ left, right: left + 300, top, bottom: top + 40 });

it.each([
  ['below its button', boxAt(100, 100), { left: 100, top: 144, bottom: null, maxHeight: 560 }],
  [
    'above its button when there is more room',
    boxAt(100, 700),
    { top: null, bottom: 104, maxHeight: 560 },
  ],
  ['within the right edge', boxAt(690, 100), { left: 492, width: 500 }],
  ['within the left edge', boxAt(-50, 100), { left: 8 }],
  ['no higher than its room', boxAt(0, 400), { top: 444, maxHeight: 348 }],
])('places a popup %s', (_name, box, expected) => {
  expect(placePopup(box, { window: WINDOW, width: 500 })).toMatchObject(expected);
});

it('makes a popup at least as wide as its button, and fits it into a narrow window', () => {
  expect(placePopup(boxAt(0, 0), { window: WINDOW, width: 100 }).width).toBe(300);
  const narrow = { width: 360, height: 640 };
  expect(placePopup(boxAt(30, 0), { window: narrow, width: 500 })).toMatchObject({
    left: 8,
    width: 344,
  });
});

it.each([
  ['above', boxAt(0, -50), false],
  ['below', boxAt(0, 800), false],
  ['at the edge', boxAt(0, -20), true],
])('isInWindow, for a button %s: %s', (_name, box, expected) => {
  expect(isInWindow(box, WINDOW)).toBe(expected);
});
