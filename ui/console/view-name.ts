/** The names of the views, as addresses have them. */
const VIEW_NAMES = ['chat', 'arena', 'herd', 'connect'] as const;

/** One of them. */
export type ViewName = (typeof VIEW_NAMES)[number];

/** The view that an address's hash names, `#/herd` or `#/herd/more`; the first where it names none. */
export function readView(hash: string): ViewName {
  const [start, name] = hash.split('/');
  return VIEW_NAMES.find((one) => start === '#' && one === name) ?? 'chat';
}
