import { css, html, LitElement } from 'lit';
import { controls } from '../controls.ts';
import { NO_PARAMETERS, readNumber, type Parameters } from './parameters.ts';

/** Form fields for the parameters of a request. Fires `change` with the new `Parameters`. */
export class ParameterFields extends LitElement {
  static override properties = { value: { attribute: false } };
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem;
      }
      label {
        display: flex;
        flex-direction: column;
        gap: 0.2rem;
        font-size: 0.8125rem;
        color: var(--quiet);
        flex: 1 1 8rem;
        min-width: 0;
      }
      label.wide {
        flex-basis: 100%;
      }
      input,
      textarea {
        color: var(--text);
        font-size: 0.9375rem;
        width: 100%;
        min-width: 0;
      }
      textarea {
        field-sizing: content;
        min-height: 3.75rem;
        max-height: 30vh;
      }
    `,
  ];
  declare value: Parameters;

  constructor() {
    super();
    this.value = NO_PARAMETERS;
  }

  protected override render() {
    const { system, temperature, topP, maxTokens } = this.value;
    return html`
      <label class="wide"
        >System prompt
        <textarea
          rows="2"
          placeholder="None"
          .value=${system}
          @change=${(event: Event) => this.#set({ system: readText(event) })}
        ></textarea>
      </label>
      <label
        >Temperature
        <input
          type="number"
          min="0"
          max="2"
          step="0.1"
          placeholder="host’s default"
          .value=${temperature ?? ''}
          @change=${(event: Event) => this.#set({ temperature: readNumber(readText(event)) })}
      /></label>
      <label
        >Top P
        <input
          type="number"
          min="0"
          max="1"
          step="0.05"
          placeholder="host’s default"
          .value=${topP ?? ''}
          @change=${(event: Event) => this.#set({ topP: readNumber(readText(event)) })}
      /></label>
      <label
        >Max tokens
        <input
          type="number"
          min="1"
          step="1"
          placeholder="host’s default"
          .value=${maxTokens ?? ''}
          @change=${(event: Event) => this.#set({ maxTokens: readNumber(readText(event)) })}
      /></label>
    `;
  }

  #set(change: Partial<Parameters>): void {
    this.value = { ...this.value, ...change };
    this.dispatchEvent(new CustomEvent('change', { detail: this.value }));
  }
}

function readText({ target }: Event): string {
  return (target as HTMLInputElement | HTMLTextAreaElement).value;
}

customElements.define('parameter-fields', ParameterFields);
