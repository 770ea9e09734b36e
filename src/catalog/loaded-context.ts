/** What is known of the context window of a model that is loaded now, in tokens. */
export interface LoadedContext {
  /** What its command sets, or null. */
  readonly command: number | null;
  /** What its own server says, or null where it said nothing, or was not asked since it was loaded. */
  readonly server: number | null;
}

/** What was known of a model's context window when the model was last seen loaded, in tokens. */
export interface LearnedContext {
  readonly tokens: number;
  /** What its command set then, or null. */
  readonly command: number | null;
}

/**
 * The context window of a loaded model, in tokens: the least of what is known, so that no client is promised too much.
 * Where its own server was not asked yet, an earlier load may have shown that the server allows less than the command sets.
 */
export function toLoadedWindow(
  { command, server }: LoadedContext,
  learned: LearnedContext | null,
): number | null {
  if (server !== null) return command === null ? server : Math.min(command, server);
  if (command === null || learned === null || !isLimit(learned)) return command;
  return Math.min(command, learned.tokens);
}

/** Whether something else than the command kept the window so small: what the model was trained for, or its memory. */
function isLimit({ tokens, command }: LearnedContext): boolean {
  return command === null || tokens < command;
}
