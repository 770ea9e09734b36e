/** An element's position in the window, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The position of the popup: `top` or `bottom` is its distance from that edge of the window, the other one is null. */
export interface Placement {
  readonly left: number;
  readonly top: number | null;
  readonly bottom: number | null;
  readonly width: number;
  readonly maxHeight: number;
}

/** The gaps between the popup and the button, and between the popup and the window's edges. */
const GAP = 4;
const EDGE = 8;
/** The height a list should have: with less room below the button, the popup opens on the side with more room. */
const PREFERRED_HEIGHT = 320;
const MAX_HEIGHT = 560;

/** Places a popup below or above its button. In a narrow window it takes the full width. */
export function placePopup(
  button: Box,
  { window, width }: { window: { width: number; height: number }; width: number },
): Placement {
  const available = window.width - 2 * EDGE;
  const preferred = Math.max(width, button.right - button.left);
  // Take the full width if the rest would be only a narrow strip.
  const popupWidth = preferred > available * 0.85 ? available : preferred;
  const left = Math.max(EDGE, Math.min(button.left, window.width - EDGE - popupWidth));
  const below = window.height - button.bottom - GAP - EDGE;
  const above = button.top - GAP - EDGE;
  const isBelow = below >= PREFERRED_HEIGHT || below >= above;
  return {
    left,
    top: isBelow ? button.bottom + GAP : null,
    bottom: isBelow ? null : window.height - button.top + GAP,
    width: popupWidth,
    maxHeight: Math.max(0, Math.min(isBelow ? below : above, MAX_HEIGHT)),
  };
}

/** Whether any part of an element is in the window. */
export function isInWindow(
  { left, right, top, bottom }: Box,
  window: { width: number; height: number },
): boolean {
  return bottom > 0 && top < window.height && right > 0 && left < window.width;
}
