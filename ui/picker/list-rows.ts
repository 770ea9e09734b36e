import { html, nothing, type TemplateResult } from 'lit';
import { toCapabilityLabel, toKindLabel, toTokensLabel } from '../fleet/labels.ts';
import { check, grip, star, toCapabilityIcon } from './icons.ts';
import { modelState } from './model-state.ts';
import { isInFavorites, type NoticeRow, type OptionRow, type Section } from './to-sections.ts';
import { toOptionLabel } from './words.ts';

/** Encodes a key as a DOM ID: a key may contain white space, an ID may not. */
export function toDomId(key: string): string {
  return encodeURIComponent(key);
}

/** A section's header, which sticks to the top while its rows scroll. */
export function sectionHeader(
  { label, status }: NonNullable<Section['header']>,
  id: string,
): TemplateResult {
  return html`<div class="header" part="header" role="presentation">
    <span id=${id}>${label}</span>
    ${status === null ? nothing : html`<span class="status">${status}</span>`}
  </div>`;
}

/** A row of text that cannot be chosen. A listbox may not contain it for screen readers: they read the description. */
export function noticeRow({ key, label, text }: NoticeRow, top: number): TemplateResult {
  return html`<div
    class="notice"
    part="notice"
    aria-hidden="true"
    data-key=${key}
    .style=${`top: ${top}px`}
  >
    ${label === null ? nothing : html`<span class="label">${label}</span>`} ${text}
  </div>`;
}

/** A model that can be chosen. Its accessible name contains everything that the row shows. */
export function optionRow(
  row: OptionRow,
  at: {
    top: number;
    count: number;
    isActive: boolean;
    isChosen: boolean;
    isDragged: boolean;
  },
): TemplateResult {
  const { name, id, description, state, contextWindow, capabilities, favorite } = row.model;
  const kind = toKindLabel(row.model);
  return html`<div
    class="option ${at.isActive ? 'active' : ''} ${at.isDragged ? 'dragged' : ''}"
    part="option"
    role="option"
    id=${toDomId(row.key)}
    aria-selected=${at.isChosen}
    aria-setsize=${at.count}
    aria-posinset=${row.index + 1}
    aria-label=${toOptionLabel(row)}
    data-index=${row.index}
    .style=${`top: ${at.top}px`}
  >
    ${isInFavorites(row) ? html`<span class="grip" title="Drag to reorder (Alt+Up, Alt+Down)">${grip}</span>` : nothing}
    ${at.isChosen ? html`<span class="mark">${check}</span>` : nothing}
    <span class="name" title=${[id, description].filter(Boolean).join('\n')}>${name}</span>
    <span class="details">
      ${row.distinction === null ? nothing : html`<span class="host">${row.distinction}</span>`}
      ${kind === null ? nothing : html`<span class="kind">${kind}</span>`} ${modelState(state)}
      <span class="capabilities">${capabilities.map(capability)}</span>
      <span class="context">
        ${contextWindow === null ? nothing : toTokensLabel(contextWindow)}
      </span>
    </span>
    <span
      class="star ${favorite ? 'full' : ''}"
      part="row-star"
      aria-hidden="true"
      title=${favorite ? 'Remove from favorites (Alt+F)' : 'Add to favorites (Alt+F)'}
      >${star(favorite)}</span
    >
  </div>`;
}

function capability(name: string): TemplateResult {
  return html`<span title=${toCapabilityLabel(name)}>${toCapabilityIcon(name)}</span>`;
}
