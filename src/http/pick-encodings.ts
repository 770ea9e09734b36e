import { parseAccept } from 'hono/utils/accept';

/** How a file may be compressed, the smaller first, and what its name then ends with. */
export const ENDINGS = { br: '.br', gzip: '.gz' } as const;

/** One of these ways. */
export type Encoding = keyof typeof ENDINGS;

/**
 * Picks the encodings that a client takes, by its `Accept-Encoding` (RFC 9110, section 12.5.3): the one that it likes best
 * first, and of two that it likes alike the smaller.
 */
export function pickEncodings(header: string | undefined): Encoding[] {
  const accepted = new Map(
    parseAccept((header ?? '').toLowerCase()).map(({ type, q }) => [type, q]),
  );
  const qualityOf = (encoding: string) => accepted.get(encoding) ?? accepted.get('*') ?? 0;
  return (Object.keys(ENDINGS) as Encoding[])
    .filter((encoding) => qualityOf(encoding) > 0)
    .toSorted((one, other) => qualityOf(other) - qualityOf(one));
}
