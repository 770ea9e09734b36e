import type { Props } from '../upstream/bodies.ts';
import { toTokens } from './tokens.ts';

/** The properties that a model's own server reports. */
export interface ServerProps {
  /** The context window of one conversation, in tokens, or null. */
  readonly window: number | null;
  /** The inputs of the model: `text`, and possibly `image` and `audio`; null if the server does not report them. */
  readonly inputs: readonly string[] | null;
}

/** Picks the properties that the catalog shows from llama-server's `/props`. */
export function toServerProps({ contextWindow, vision, audio }: Props): ServerProps {
  return { window: toTokens(contextWindow), inputs: toInputs({ vision, audio }) };
}

function toInputs({ vision, audio }: Pick<Props, 'vision' | 'audio'>): readonly string[] | null {
  if (vision === null && audio === null) return null;
  return ['text', ...(vision === true ? ['image'] : []), ...(audio === true ? ['audio'] : [])];
}
