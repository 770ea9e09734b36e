import { html, nothing, type TemplateResult } from 'lit';
import type { Model } from '../herd/catalog.ts';
import { toStateLabel } from '../herd/labels.ts';

/** A model's state where it is worth a word: its dot, and the word. */
export function modelState(state: Model['state']): TemplateResult | typeof nothing {
  const label = toStateLabel(state);
  return label === null ? nothing : html`<span class="state ${state}" part="state">${label}</span>`;
}
