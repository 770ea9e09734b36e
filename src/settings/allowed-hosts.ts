import * as v from 'valibot';

/** Host names that requests may use in addition to the usual ones: `a.example`, `*.a.example`; null for any. */
export type AllowedHosts = readonly string[] | null;

/** The pattern of one part of a host name, in lower case. */
export const HOST_LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^(?:\\*\\.)?${HOST_LABEL}(?:\\.${HOST_LABEL})*$`, 'u');

/** An entry of `ALLOWED_HOSTS`: only a host name, `*.` and a name for all names below it, or `*` for any. */
export const allowedHost = v.pipe(
  v.string(),
  v.trim(),
  v.check(
    (name) => name === '*' || (name.length <= 253 && NAME.test(name)),
    'expected a host name such as paddock.example or *.example.org, or * for any: in lower case, without a scheme, a port or a path',
  ),
);
