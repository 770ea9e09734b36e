import { parseAccept } from 'hono/utils/accept';

/** The encodings of a compressed file and the ending of its name, the smallest result first. */
export const ENDINGS = { br: '.br', gzip: '.gz' } as const;

/** The encoding of a compressed file. */
export type Encoding = keyof typeof ENDINGS;

/** Picks the accepted encodings (RFC 9110, section 12.5.3): the preferred first, then the smaller result. */
export function pickEncodings(header: string | undefined): Encoding[] {
  const accepted = new Map(
    parseAccept((header ?? '').toLowerCase()).map(({ type, q }) => [type, q]),
  );
  const qualityOf = (encoding: string) => accepted.get(encoding) ?? accepted.get('*') ?? 0;
  return (Object.keys(ENDINGS) as Encoding[])
    .filter((encoding) => qualityOf(encoding) > 0)
    .toSorted((one, other) => qualityOf(other) - qualityOf(one));
}
