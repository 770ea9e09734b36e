/** What a browser says of where a request comes from and goes to: its headers, by name. */
export type Clue =
  | 'host'
  | 'origin'
  | 'referer'
  | 'sec-fetch-dest'
  | 'sec-fetch-mode'
  | 'sec-fetch-site'
  | 'x-forwarded-host';

/** Reads one of them. */
export type ReadClue = (name: Clue) => string | undefined;

const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[\w.:[\]-]{1,260}$/u;

/**
 * The origin of the page that sends a request, where that page is neither Paddock's own nor of an origin that is listed;
 * `another site` where the browser says no more than that; null where no such page sends it. Programs that are no
 * browsers say nothing of all this.
 */
export function findForeignPage(read: ReadClue, corsOrigins: readonly string[]): string | null {
  const origin = read('origin');
  if (origin !== undefined) {
    if (corsOrigins.includes(origin) || isOwn(origin, read)) return null;
    return ORIGIN.test(origin) || origin === 'null' ? origin : 'another site';
  }
  const site = read('sec-fetch-site');
  // `same-site` is another port or another name of the same domain: another origin.
  if (site !== 'cross-site' && site !== 'same-site') return null;
  // No origin is sent with what only reads, such as an image of a page.
  const referer = read('referer') ?? '';
  const isListed = corsOrigins.some(
    (listed) => referer === listed || referer.startsWith(`${listed}/`),
  );
  return isListed ? null : 'another site';
}

/**
 * Whether a person follows a link of a page of the same site, such as the console's on another port: what answers is shown
 * in a window of its own, where that page sees nothing of it.
 */
export function isLinkOfSameSite(read: ReadClue): boolean {
  return (
    read('origin') === undefined &&
    read('sec-fetch-site') === 'same-site' &&
    read('sec-fetch-mode') === 'navigate' &&
    read('sec-fetch-dest') === 'document'
  );
}

/** Behind a proxy, the name that the browser used may be the proxy's. No page can send that header elsewhere unasked. */
function isOwn(origin: string, read: ReadClue): boolean {
  const [, scheme, authority] = /^(https?):\/\/(.+)$/u.exec(origin) ?? [];
  if (authority === undefined) return false;
  const standardPort = scheme === 'https' ? ':443' : ':80';
  const forwarded = read('x-forwarded-host')?.split(',', 1)[0]?.trim();
  return [read('host'), forwarded].some((host) => {
    const name = host?.toLowerCase();
    return name === authority || name === authority + standardPort;
  });
}
