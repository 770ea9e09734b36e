/** An element's place in the window, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where the popup goes: `top` or `bottom` is its distance from that edge of the window, the other is null. */
export interface Placement {
  readonly left: number;
  readonly top: number | null;
  readonly bottom: number | null;
  readonly width: number;
  readonly maxHeight: number;
}

/** What stays free between the popup and the button, and the window's edges. */
const GAP = 4;
const EDGE = 8;
/** As much of a list as one wants to see: with less room below the button, it opens on the roomier side. */
const COMFORTABLE_HEIGHT = 320;
const LARGEST_HEIGHT = 560;

/** Places a popup under its button, or over it; in a narrow window over its full width. */
export function placePopup(
  button: Box,
  { window, width }: { window: { width: number; height: number }; width: number },
): Placement {
  const room = window.width - 2 * EDGE;
  const wished = Math.max(width, button.right - button.left);
  // What would leave a sliver beside it takes all.
  const given = wished > room * 0.85 ? room : wished;
  const left = Math.max(EDGE, Math.min(button.left, window.width - EDGE - given));
  const below = window.height - button.bottom - GAP - EDGE;
  const above = button.top - GAP - EDGE;
  const isBelow = below >= COMFORTABLE_HEIGHT || below >= above;
  return {
    left,
    top: isBelow ? button.bottom + GAP : null,
    bottom: isBelow ? null : window.height - button.top + GAP,
    width: given,
    maxHeight: Math.max(0, Math.min(isBelow ? below : above, LARGEST_HEIGHT)),
  };
}

/** Whether any of an element is in the window. */
export function isInWindow(
  { left, right, top, bottom }: Box,
  window: { width: number; height: number },
): boolean {
  return bottom > 0 && top < window.height && right > 0 && left < window.width;
}
