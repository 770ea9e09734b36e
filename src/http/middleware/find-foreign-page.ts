/** The names of the headers in which a browser states where a request comes from and goes to. */
export type OriginHeader =
  | 'host'
  | 'origin'
  | 'referer'
  | 'sec-fetch-dest'
  | 'sec-fetch-mode'
  | 'sec-fetch-site'
  | 'x-forwarded-host';

/** Reads one of these headers. */
export type ReadOriginHeader = (name: OriginHeader) => string | undefined;

const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[\w.:[\]-]{1,260}$/u;

/**
 * Returns the origin of the page that sends a request, if the page is neither Paddock's own nor of a listed origin;
 * `another site` if the browser does not name the origin; null if no such page sends it. Clients other than browsers send
 * none of these headers.
 */
export function findForeignPage(
  read: ReadOriginHeader,
  corsOrigins: readonly string[],
): string | null {
  const origin = read('origin');
  if (origin !== undefined) {
    if (corsOrigins.includes(origin) || isOwn(origin, read)) return null;
    return ORIGIN.test(origin) || origin === 'null' ? origin : 'another site';
  }
  const site = read('sec-fetch-site');
  // `same-site` is another port or another name of the same domain: another origin.
  if (site !== 'cross-site' && site !== 'same-site') return null;
  // Browsers send no Origin with requests that only read, such as a page's images.
  const referer = read('referer') ?? '';
  const isListed = corsOrigins.some(
    (listed) => referer === listed || referer.startsWith(`${listed}/`),
  );
  return isListed ? null : 'another site';
}

/** Whether the user follows a link of the same site, such as the console's. The linking page reads no answer. */
export function isLinkOfSameSite(read: ReadOriginHeader): boolean {
  return (
    read('origin') === undefined &&
    read('sec-fetch-site') === 'same-site' &&
    read('sec-fetch-mode') === 'navigate' &&
    read('sec-fetch-dest') === 'document'
  );
}

/**
 * Whether an origin is Paddock's own. Behind a proxy, `X-Forwarded-Host` may hold the name that the browser used. A page
 * cannot send that header to another origin without a preflight.
 */
function isOwn(origin: string, read: ReadOriginHeader): boolean {
  const [, scheme, authority] = /^(https?):\/\/(.+)$/u.exec(origin) ?? [];
  if (authority === undefined) return false;
  const standardPort = scheme === 'https' ? ':443' : ':80';
  const forwarded = read('x-forwarded-host')?.split(',', 1)[0]?.trim();
  return [read('host'), forwarded].some((host) => {
    const name = host?.toLowerCase();
    return name === authority || name === authority + standardPort;
  });
}
