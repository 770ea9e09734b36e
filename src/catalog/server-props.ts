import type { Props } from '../upstream/bodies.ts';
import { toTokens } from './tokens.ts';

/** What a model's own server says of the model. */
export interface ServerProps {
  /** The context window of one conversation, in tokens, or null. */
  readonly window: number | null;
  /** What the model takes: `text`, and `image` and `audio` where it does; null where the server does not say. */
  readonly inputs: readonly string[] | null;
}

/** Picks what the catalog shows from llama-server's `/props`. */
export function toServerProps({ contextWindow, vision, audio }: Props): ServerProps {
  return { window: toTokens(contextWindow), inputs: toInputs({ vision, audio }) };
}

function toInputs({ vision, audio }: Pick<Props, 'vision' | 'audio'>): readonly string[] | null {
  if (vision === null && audio === null) return null;
  return ['text', ...(vision === true ? ['image'] : []), ...(audio === true ? ['audio'] : [])];
}
