import { PaddockError } from '../../errors.ts';

/**
 * Encodes a model's name as one path segment. Slashes are percent-encoded, and llama-swap decodes them.
 * @throws {PaddockError} `invalid_model_id` if a path cannot carry the name to every upstream
 */
export function toModelSegment(model: string): string {
  if (fitsPath(model)) return encodeURIComponent(model);
  const message =
    'A path cannot contain this model ID: expected no empty, "." or ".." part between slashes.';
  throw new PaddockError('invalid_model_id', message, { param: 'model' });
}

/** Whether a path can carry a model's name to every upstream. */
export function fitsPath(model: string): boolean {
  // `.` and `..` lead to another path, even percent-encoded. Between encoded slashes they do so behind a proxy that
  // decodes the path before it passes it on. With an empty part, llama-swap itself reads a different name, or none.
  const isPath = model.split(/[/\\]/u).every((part) => !['', '.', '..'].includes(part));
  return isPath && model.isWellFormed();
}
