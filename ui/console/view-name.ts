/** The names of the views, as in the hash of the address. */
const VIEW_NAMES = ['chat', 'arena', 'hosts', 'connect'] as const;

/** The name of a view. */
export type ViewName = (typeof VIEW_NAMES)[number];

/** Returns the view that a hash such as `#/hosts` or `#/hosts/more` names, or `chat` if it names none. */
export function readView(hash: string): ViewName {
  const [start, name] = hash.split('/');
  // The hosts view had another name: old links stay valid.
  const wanted = name === 'herd' ? 'hosts' : name;
  return VIEW_NAMES.find((view) => start === '#' && view === wanted) ?? 'chat';
}
