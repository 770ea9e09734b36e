import { css, unsafeCSS } from 'lit';
import list from './list.css?inline';
import picker from './picker.css?inline';
import shared from './shared.css?inline';

/**
 * The colours and the radius: the page's if it sets any. They stay in this sheet because a build for older browsers
 * would rewrite `light-dark()` into a form that works only in a sheet that declares the `color-scheme` itself.
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

/** The styles of the closed picker and of its popup. */
export const pickerStyles = [tokens, unsafeCSS(shared), unsafeCSS(picker)];

/** The styles of the open list, which inherits the picker's colours. */
export const listStyles = [unsafeCSS(shared), unsafeCSS(list)];
