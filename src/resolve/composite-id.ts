/** The longest ID that is accepted, in Unicode characters. */
export const MAX_ID_LENGTH = 512;

/** Writes a provider's name and that provider's own name for a model as one ID. */
export function joinId(provider: string, model: string): string {
  return `${provider}/${model}`;
}

/**
 * Divides an ID at its first slash, or answers null where there is none. No registry is asked: whether
 * the first part is a provider is for `resolveModel` to say.
 */
export function splitId(id: string): { provider: string; model: string } | null {
  const slash = id.indexOf('/');
  return slash === -1 ? null : { provider: id.slice(0, slash), model: id.slice(slash + 1) };
}

/** What keeps a text from being an ID, in words that follow "The model ID", or null. */
export function findIdFault(text: string): string | null {
  if (text === '') return 'is empty: write provider/model';
  // A character takes at most two code units, so short texts need no count.
  if (text.length > MAX_ID_LENGTH && [...text].length > MAX_ID_LENGTH) {
    return `is longer than ${MAX_ID_LENGTH} characters`;
  }
  if (/\p{Cc}/u.test(text)) return 'holds a control character';
  if (!text.isWellFormed()) return 'is not well-formed Unicode: it holds half of a surrogate pair';
  return null;
}
