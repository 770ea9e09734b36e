import { html, nothing, type TemplateResult } from 'lit';
import type { Model } from '../fleet/catalog.ts';
import { toStateLabel } from '../fleet/labels.ts';

/** A model's state as a dot and a label, or nothing for a state without a label. */
export function modelState(state: Model['state']): TemplateResult | typeof nothing {
  const label = toStateLabel(state);
  return label === null ? nothing : html`<span class="state ${state}" part="state">${label}</span>`;
}
