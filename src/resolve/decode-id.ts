import { PaddockError } from '../errors.ts';

/** Decodes a percent-encoded ID. Throws `invalid_model_id` for bytes that `URLSearchParams` would replace. */
export function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const message = 'The model ID is not percent-encoded UTF-8: write "%" as %25.';
    throw new PaddockError('invalid_model_id', message, { param: 'model', cause });
  }
}
