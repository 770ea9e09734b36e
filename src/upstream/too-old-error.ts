/** The host's release of llama-swap cannot do what was asked without doing more than that. */
export class TooOldError extends Error {
  override readonly name = 'TooOldError';
}
