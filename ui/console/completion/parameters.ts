/** The parameters of a request. A null value is not sent, so the provider's default applies. */
export interface Parameters {
  /** The system prompt; empty for none. */
  readonly system: string;
  readonly temperature: number | null;
  readonly topP: number | null;
  /** The maximum number of tokens of an answer. */
  readonly maxTokens: number | null;
}

/** The provider's default for every parameter. */
export const NO_PARAMETERS: Parameters = {
  system: '',
  temperature: null,
  topP: null,
  maxTokens: null,
};

/** Returns how many parameters are set. */
export function countSet({ system, temperature, topP, maxTokens }: Parameters): number {
  return [system.trim() || null, temperature, topP, maxTokens].filter((it) => it !== null).length;
}

/** Parses a number that the user has typed; null if it is none. */
export function readNumber(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}
