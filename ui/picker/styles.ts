import { css, unsafeCSS } from 'lit';
import list from './list.css?inline';
import picker from './picker.css?inline';
import shared from './shared.css?inline';

/**
 * The colours and the radius: the page's where it sets any. They stand here because a build that knows older browsers would
 * write `light-dark()` in another way, which holds only where this sheet itself declares the `color-scheme`.
 */
const tokens = css`
  :host {
    --_surface: var(--paddock-surface, light-dark(#fff, #1b1f1c));
    --_raised: var(--paddock-raised, light-dark(#efefea, #2a302b));
    --_line: var(--paddock-line, light-dark(#d0d0c7, #3c443e));
    --_text: var(--paddock-text, light-dark(#1c211e, #e8ebe7));
    --_quiet: var(--paddock-quiet, light-dark(#59625c, #a3ada6));
    --_accent: var(--paddock-accent, light-dark(#166534, #86d9a3));
    --_star: var(--paddock-star, light-dark(#a16207, #fbbf24));
    --_good: var(--paddock-good, light-dark(#15803d, #6ee7a0));
    --_busy: var(--paddock-busy, light-dark(#b45309, #fbbf24));
    --_bad: var(--paddock-bad, light-dark(#b91c1c, #fca5a5));
    --_radius: var(--paddock-radius, 0.5em);
  }
`;

/** The closed picker, and the frame of what it opens. */
export const pickerStyles = [tokens, unsafeCSS(shared), unsafeCSS(picker)];

/** The open list, whose colours are the picker's. */
export const listStyles = [unsafeCSS(shared), unsafeCSS(list)];
