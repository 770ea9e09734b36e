/** The names of the views, as in the hash of the address. */
const VIEW_NAMES = ['chat', 'arena', 'herd', 'connect'] as const;

/** The name of a view. */
export type ViewName = (typeof VIEW_NAMES)[number];

/** Returns the view that a hash such as `#/herd` or `#/herd/more` names, or `chat` if it names none. */
export function readView(hash: string): ViewName {
  const [start, name] = hash.split('/');
  return VIEW_NAMES.find((one) => start === '#' && one === name) ?? 'chat';
}
