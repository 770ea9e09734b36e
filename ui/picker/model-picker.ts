import { LitElement } from 'lit';

/** Chooses a model of the herd. */
export class ModelPicker extends LitElement {}

customElements.define('model-picker', ModelPicker);
