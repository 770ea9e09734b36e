import { PaddockError } from '../../errors.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Check } from './admit.ts';
import { isAllowedHost, readHostName } from './is-allowed-host.ts';
import { refuseForeign } from './refuse-foreign.ts';

/** Methods that change nothing; what a GET can have a host do is guarded by its route. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Makes the check that stands between Paddock and what others can have a browser do: nothing comes in by a name that
 * is not Paddock's, and no page of another origin changes anything.
 * @throws {PaddockError} `forbidden_host`, `forbidden_origin`
 */
export function refuseStrangers(settings: Settings): Check {
  const refuseHost = refuseUnknownHost(settings);
  return (c) => {
    refuseHost(c);
    if (!READING.has(c.req.method)) refuseForeign(c, settings);
  };
}

/**
 * Makes the check that a request names Paddock by an allowed name.
 * @throws {PaddockError} `forbidden_host`
 */
export function refuseUnknownHost({ allowedHosts }: Pick<Settings, 'allowedHosts'>): Check {
  return (c) => {
    if (allowedHosts === null) return;
    const name = readHostName(c.req.header('host') ?? new URL(c.req.url).host);
    if (name === null || !isAllowedHost(name, allowedHosts)) {
      throw new PaddockError('forbidden_host', toForbiddenMessage(name));
    }
  };
}

function toForbiddenMessage(name: string | null): string {
  return name === null
    ? 'The Host header names no host.'
    : `Host "${name}" is not allowed. Add it to ALLOWED_HOSTS, or set API_KEYS.`;
}
