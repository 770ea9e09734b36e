/** The facts known about a model that is loaded now. */
export interface LoadedContext {
  /** The context window that its command sets, in tokens, or null. */
  readonly command: number | null;
  /** The context window that its own server reports; null if it reported none, or was not asked since the load. */
  readonly server: number | null;
  /** The inputs that it takes (`text`, `image`, `audio`), as its own server reports; null as above. */
  readonly inputs: readonly string[] | null;
}

/** The facts known about a model when it was last seen loaded. */
export interface LearnedContext {
  /** Its context window, in tokens. */
  readonly tokens: number;
  /** The context window that its command set then, in tokens, or null. */
  readonly command: number | null;
  /** The inputs that it takes, as its own server last reported; null if the server never reported them. */
  readonly inputs: readonly string[] | null;
}

/**
 * Returns the context window of a loaded model, in tokens: the smallest known value, so that it promises no client too
 * much. If its own server was not asked yet, an earlier load may have shown that the server allows less than the
 * command sets.
 */
export function toLoadedWindow(
  { command, server }: Pick<LoadedContext, 'command' | 'server'>,
  learned: LearnedContext | null,
): number | null {
  if (server !== null) return command === null ? server : Math.min(command, server);
  if (command === null || learned === null) return command;
  // Something other than the command limited the window then: the model's training length, or memory.
  const isLimited = learned.command === null || learned.tokens < learned.command;
  return isLimited ? Math.min(command, learned.tokens) : command;
}
