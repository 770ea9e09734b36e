import { LitElement, type PropertyDeclarations } from 'lit';

/**
 * Base class of a form-associated element that behaves like `<select>`: it has a value and a default value that a
 * form reset restores, submits under its `name`, can be `required`, and can be disabled directly or by a fieldset.
 */
export class FormControl extends LitElement {
  static readonly formAssociated = true;
  static override shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };
  static override properties: PropertyDeclarations = {
    value: { attribute: false, noAccessor: true },
    defaultValue: { attribute: 'value', reflect: true, useDefault: true },
    name: { reflect: true, useDefault: true },
    required: { type: Boolean, reflect: true },
    disabled: { type: Boolean, noAccessor: true },
    isDisabled: { state: true },
  };
  /** The value of the attribute `value`. */
  declare defaultValue: string;
  declare name: string;
  declare required: boolean;
  /** Whether the element is disabled, directly or by an enclosing fieldset. */
  declare protected isDisabled: boolean;
  protected readonly internals = this.attachInternals();
  /** Null while the value is the default. */
  #value: string | null = null;

  constructor() {
    super();
    this.defaultValue = '';
    this.name = '';
    this.required = false;
    this.isDisabled = false;
  }

  get value(): string {
    return this.#value ?? this.defaultValue;
  }

  set value(value: string | null | undefined) {
    this.#setValue(value ?? '');
  }

  /** Whether the element itself is disabled. The attribute holds the state, so the form sees a change immediately. */
  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }

  set disabled(disabled: boolean) {
    this.toggleAttribute('disabled', disabled);
  }

  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  get labels(): NodeList {
    return this.internals.labels;
  }

  get validity(): ValidityState {
    return this.internals.validity;
  }

  get validationMessage(): string {
    return this.internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.internals.willValidate;
  }

  checkValidity(): boolean {
    return this.internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.internals.reportValidity();
  }

  formResetCallback(): void {
    this.#setValue(null);
  }

  formStateRestoreCallback(state: string | File | FormData | null): void {
    if (typeof state === 'string') this.#setValue(state);
  }

  formDisabledCallback(isDisabled: boolean): void {
    this.isDisabled = isDisabled;
  }

  override attributeChangedCallback(...change: [string, string | null, string | null]): void {
    super.attributeChangedCallback(...change);
    this.#updateForm();
    this.requestUpdate();
  }

  protected override updated(): void {
    this.#updateForm();
  }

  #setValue(value: string | null): void {
    this.#value = value;
    this.#updateForm();
    this.requestUpdate();
  }

  #updateForm(): void {
    const { value, required, internals } = this;
    internals.setFormValue(value === '' ? null : value);
    const isMissing = required && value === '';
    const button = this.shadowRoot?.querySelector('button') ?? undefined;
    internals.setValidity({ valueMissing: isMissing }, 'Choose a model.', button);
  }
}
