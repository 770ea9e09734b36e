/** What is known of a model that is loaded now. */
export interface LoadedContext {
  /** The context window that its command sets, in tokens, or null. */
  readonly command: number | null;
  /** The one that its own server says, or null where it said none, or was not asked since the model was loaded. */
  readonly server: number | null;
  /** What it takes (`text`, `image`, `audio`), as its own server says; null as above. */
  readonly inputs: readonly string[] | null;
}

/** What was known of a model when it was last seen loaded. */
export interface LearnedContext {
  /** Its context window. */
  readonly tokens: number;
  /** The one that its command set then, in tokens, or null. */
  readonly command: number | null;
  /** What it takes, as its own server last said, or null where that never said it. */
  readonly inputs: readonly string[] | null;
}

/**
 * The context window of a loaded model, in tokens: the least of what is known, so that no client is promised too much.
 * Where its own server was not asked yet, an earlier load may have shown that the server allows less than the command sets.
 */
export function toLoadedWindow(
  { command, server }: Pick<LoadedContext, 'command' | 'server'>,
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
