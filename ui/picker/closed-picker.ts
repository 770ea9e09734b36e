import { html, nothing, type TemplateResult } from 'lit';
import type { Model } from '../fleet/catalog.ts';
import { chevron, star, warning } from './icons.ts';
import { modelState } from './model-state.ts';
import type { Choice } from './resolve-chosen.ts';

/** The state and the handlers of the closed picker. */
interface ClosedPicker {
  readonly choice: Choice;
  /** The picker's name for screen readers. */
  readonly label: string;
  readonly isOpen: boolean;
  readonly isDisabled: boolean;
  readonly onToggle: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onStar: (model: Model) => void;
}

/** The closed picker: a button that shows the chosen model, and a star button for that model. */
export function closedPicker(picker: ClosedPicker): TemplateResult {
  const { choice, label, isOpen, isDisabled } = picker;
  const kind = choice.kind === 'none' ? 'placeholder' : choice.kind;
  return html`<div class="control ${kind} ${isDisabled ? 'disabled' : ''}">
    <span id="label" hidden>${label}</span>
    <button
      id="button"
      class="open"
      part="button"
      type="button"
      aria-labelledby="label button"
      aria-describedby=${choice.kind === 'unavailable' ? 'reason' : nothing}
      aria-haspopup="listbox"
      aria-expanded=${isOpen}
      aria-controls="popup"
      ?disabled=${isDisabled}
      @click=${picker.onToggle}
      @keydown=${picker.onKey}
    >
      ${chosen(choice)} ${chevron}
    </button>
    ${choice.kind === 'listed' ? starButton(choice.model, picker) : nothing}
    ${choice.kind === 'unavailable' ? html`<span id="reason" hidden>${choice.reason}</span>` : nothing}
  </div>`;
}

function chosen(choice: Choice): TemplateResult {
  switch (choice.kind) {
    case 'none':
      return html`<span class="name">Choose a model</span>`;
    case 'unknown':
      return html`<span class="name">${choice.name}</span>`;
    case 'listed':
      return html`<span class="name" title=${choice.model.id}>${choice.model.name}</span>
        <span class="host">${choice.host}</span> ${modelState(choice.model.state)}`;
    case 'unavailable':
      return html`<span class="name">${choice.name}</span>
        ${choice.host === null ? nothing : html`<span class="host">${choice.host}</span>`}
        <span class="warning" title=${choice.reason}>${warning} unavailable</span>`;
  }
}

function starButton(model: Model, { isDisabled, onStar }: ClosedPicker): TemplateResult {
  const { name, favorite } = model;
  return html`<button
    class="star"
    part="star"
    type="button"
    aria-label="Favorite: ${name}"
    aria-pressed=${favorite}
    title=${favorite ? 'Remove from favorites' : 'Add to favorites'}
    ?disabled=${isDisabled}
    @click=${() => onStar(model)}
  >
    ${star(favorite)}
  </button>`;
}
