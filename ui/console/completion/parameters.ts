/** How a model is to answer. What is null is left to the host, and not sent. */
export interface Parameters {
  /** Instructions before everything else; empty for none. */
  readonly system: string;
  readonly temperature: number | null;
  readonly topP: number | null;
  /** The most tokens of an answer. */
  readonly maxTokens: number | null;
}

/** All is left to the host. */
export const NO_PARAMETERS: Parameters = {
  system: '',
  temperature: null,
  topP: null,
  maxTokens: null,
};

/** How many of the parameters are set. */
export function countSet({ system, temperature, topP, maxTokens }: Parameters): number {
  return [system.trim() || null, temperature, topP, maxTokens].filter((it) => it !== null).length;
}

/** A number as somebody typed it; null where there is none. */
export function readNumber(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}
