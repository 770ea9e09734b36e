import { PaddockError } from '../errors.ts';

/**
 * A percent-encoded ID as it was meant.
 * @throws {PaddockError} `invalid_model_id` where it is not UTF-8; `URLSearchParams` would put U+FFFD for that, and so
 * name another model
 */
export function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const message = 'The model ID is not percent-encoded UTF-8: write "%" as %25.';
    throw new PaddockError('invalid_model_id', message, { param: 'model', cause });
  }
}
