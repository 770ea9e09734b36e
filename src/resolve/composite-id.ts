/** The longest ID that is accepted, in Unicode characters. */
export const MAX_ID_LENGTH = 512;

/** Joins a provider's name and that provider's own name for a model to a composite ID. */
export function joinId(provider: string, model: string): string {
  return `${provider}/${model}`;
}

/** Splits an ID at its first slash, without a check of the first part; null without a slash. */
export function splitId(id: string): { provider: string; model: string } | null {
  const slash = id.indexOf('/');
  return slash === -1 ? null : { provider: id.slice(0, slash), model: id.slice(slash + 1) };
}

/** Returns the reason why a text is not a valid ID, in words that follow "The model ID", or null. */
export function findIdFault(text: string): string | null {
  if (text === '') return 'is empty: write provider/model';
  // `length` counts code units, at least as many as characters, so short texts need no count of characters.
  if (text.length > MAX_ID_LENGTH && [...text].length > MAX_ID_LENGTH) {
    return `is longer than ${MAX_ID_LENGTH} characters`;
  }
  if (/\p{Cc}/u.test(text)) return 'contains a control character';
  if (!text.isWellFormed())
    return 'is not well-formed Unicode: it contains half of a surrogate pair';
  return null;
}
