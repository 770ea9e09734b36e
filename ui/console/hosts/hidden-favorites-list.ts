import { html, nothing } from 'lit';
import type { HiddenFavorite } from './find-hidden-favorites.ts';

/** Renders the favorites that are not listed now, each with its reason and a button that removes it. */
export function renderHiddenFavorites(options: {
  hidden: readonly HiddenFavorite[];
  /** The error of listing or removing favorites, or null. */
  fault: string | null;
  remove: (id: string) => void;
}) {
  const { hidden, fault, remove } = options;
  if (hidden.length === 0 && fault === null) return nothing;
  return html`<section aria-labelledby="hidden">
    <h2 id="hidden">Hidden favorites</h2>
    ${fault === null ? nothing : html`<p class="error" role="alert">${fault}</p>`}
    ${
      hidden.length === 0
        ? nothing
        : html`<ul class="rows card hidden">
            ${hidden.map(
              ({ id, reason }) =>
                html`<li>
                  <div>
                    <code>${id}</code>
                    <span class="quiet-text">${reason}</span>
                  </div>
                  <button class="small" aria-label=${`Remove ${id}`} @click=${() => remove(id)}>
                    Remove
                  </button>
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}
