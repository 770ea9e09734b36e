import { PaddockError } from '../errors.ts';

/**
 * Decodes a percent-encoded ID.
 * @throws {PaddockError} `invalid_model_id` if it is not valid UTF-8; `URLSearchParams` would replace the invalid bytes with
 * U+FFFD, which would name another model
 */
export function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const message = 'The model ID is not percent-encoded UTF-8: write "%" as %25.';
    throw new PaddockError('invalid_model_id', message, { param: 'model', cause });
  }
}
