import * as v from 'valibot';

/** Desktop apps serve their pages with schemes of their own, for which `URL` has no origin. */
const APP_ORIGIN =
  /^(?!(?:https?|wss?|ftp|file|data|blob|about|javascript):)[a-z][a-z0-9+.-]*:\/\/[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::[1-9]\d{0,4})?$/u;

/** An origin of `CORS_ORIGINS`, exactly as browsers send it. */
export const corsOrigin = v.pipe(
  v.string(),
  v.trim(),
  v.check(
    isOrigin,
    'expected an origin as browsers send it, such as https://chat.example, http://localhost:5173 or app://obsidian.md: in lower case, without a path, a trailing slash, the scheme’s default port or "*"',
  ),
);

function isOrigin(text: string): boolean {
  if (APP_ORIGIN.test(text)) return true;
  // `URL` accepts "*" as an ordinary character of a host name.
  return /^https?:[^*]+$/u.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
