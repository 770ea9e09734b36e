/**
 * Whether Claude Code takes a model's name for one of an older Claude. To those it sends system messages only at the start;
 * to others also in the middle of a conversation, which the chat templates of some models refuse. Seen with 2.1.332, which
 * goes by the part after the last slash. Names with `claude-sonnet-4-5` would do too, but there it ignores the window.
 */
export function isOldClaude(name: string): boolean {
  return /(?:^|\/)claude-3-[^/]*$/u.test(name);
}
