import * as v from 'valibot';
import { toTokens } from './tokens.ts';

const PROPS = v.object({ default_generation_settings: v.object({ n_ctx: v.unknown() }) });

/** The context window of one conversation that llama-server's `/props` gives, in tokens, or null. */
export function readProps(value: unknown): number | null {
  const parsed = v.safeParse(PROPS, value);
  return parsed.success ? toTokens(parsed.output.default_generation_settings.n_ctx) : null;
}
