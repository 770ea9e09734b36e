import type { OpencodeLimit } from './opencode-schema.ts';

// Tokens that opencode's own prompt and tools use: 31 kB of JSON in 1.18.33, in an empty folder.
const OWN_PROMPT = 8000;
// The fewest tokens of a conversation that its compaction keeps.
const KEPT = 2000;
// The most tokens that it requests or reserves for an answer. It also requests this many if no limit is known.
const MAX_OUTPUT = 32_000;

/**
 * Divides a window that prompt and answer share, as in llama.cpp. opencode requires `output` in addition to `context`. It
 * requests `output` tokens from the model, and compacts the conversation after a step that used `context - output`
 * tokens. If its own prompt already uses that many, it compacts forever (anomalyco/opencode#45368). So the answer gets a
 * quarter of what the prompt leaves, or an eighth of a small window. If that still leaves too little, `input` is set too
 * high to reach: opencode goes by `input` if it is set, and then compacts only after the provider rejects a prompt.
 * Source: opencode 1.18.33, packages/opencode/src/session/overflow.ts, and maxOutputTokens in provider/transform.ts.
 */
export function toOpencodeLimit(context: number): OpencodeLimit {
  const output = Math.ceil(Math.max(context / 8, (context - OWN_PROMPT) / 4));
  const hasRoom = context - output >= OWN_PROMPT + KEPT;
  return hasRoom ? { context, output } : { context, input: context + MAX_OUTPUT, output };
}
