import { PaddockError } from '../../errors.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Check } from './checks.ts';
import { isAllowedHost, readHostName } from './is-allowed-host.ts';
import { refuseForeign } from './refuse-foreign.ts';

/** Methods that change nothing. A route whose GET makes a provider work has its own check. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Creates the check that refuses unknown host names, and changes by pages of other origins. */
export function refuseUntrusted(settings: Settings): Check {
  const refuseHost = refuseUnknownHost(settings);
  return (c) => {
    refuseHost(c);
    if (!READING.has(c.req.method)) refuseForeign(c, settings);
  };
}

/** Creates the check that refuses other host names than Paddock's with `forbidden_host`. */
export function refuseUnknownHost({ allowedHosts }: Pick<Settings, 'allowedHosts'>): Check {
  return (c) => {
    if (allowedHosts === null) return;
    const name = readHostName(c.req.header('host') ?? new URL(c.req.url).host);
    if (name === null) throw new PaddockError('forbidden_host', 'The Host header is not valid.');
    if (isAllowedHost(name, allowedHosts)) return;
    const message = `Host "${name}" is not allowed. Add it to ALLOWED_HOSTS, or set API_KEYS.`;
    throw new PaddockError('forbidden_host', message);
  };
}
