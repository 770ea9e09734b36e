import { PaddockError } from '../errors.ts';

/**
 * A model's name as one segment of a path, in which its slashes are percent-encoded: llama-swap decodes them.
 * @throws {PaddockError} `invalid_model_id` where no path can carry the name to every host
 */
export function toModelSegment(model: string): string {
  if (fitsPath(model)) return encodeURIComponent(model);
  const message =
    'No path can name this model: expected text of which no part between slashes is empty, "." or "..".';
  throw new PaddockError('invalid_model_id', message, { param: 'model' });
}

/** Whether a path can carry a model's name to every host. */
export function fitsPath(model: string): boolean {
  // `.` and `..` lead elsewhere, even if percent-encoded. Behind a proxy that decodes a path before it passes it on, so
  // do they between encoded slashes; and with an empty part llama-swap itself hears another name, or none.
  const isPath = model.split(/[/\\]/u).every((part) => !['', '.', '..'].includes(part));
  return isPath && model.isWellFormed();
}
