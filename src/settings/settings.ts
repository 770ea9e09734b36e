// settings/ turns the environment into one typed, immutable value, or into every fault at once.
// Pure: it gets the variables as values.

import type { Roles } from '../resolve/roles.ts';
import { parseAllowedHosts, type AllowedHosts } from './allowed-hosts.ts';
import { parseKeys, type ApiKey } from './api-keys.ts';
import { parseCorsOrigins } from './cors-origins.ts';
import type { Environment } from './environment.ts';
import { SettingsError } from './settings-error.ts';
import type { Fault } from '../registry/fault.ts';
import { KINDS } from '../registry/kinds/kinds.ts';
import type { ProviderKind } from '../registry/provider-kind.ts';
import { parseRegistry } from './parse-registry.ts';
import type { Registry } from '../registry/registry.ts';
import { parseRoles } from './parse-roles.ts';
import { findSecretFiles } from './secret-files.ts';
import { readValues, toFields, type FieldValues } from './read-values.ts';

/** Everything the environment says, parsed. The plain values are those of table.ts. */
export interface Settings extends FieldValues {
  readonly registry: Registry;
  readonly roles: Roles;
  readonly database: { readonly url: string | null; readonly authToken: string | null };
  /** The keys of clients; no key is asked for where there are none. */
  readonly apiKeys: readonly ApiKey[];
  /** Keys that may also administer, and see what `apiKeys` may not; none where every key may. */
  readonly adminKeys: readonly ApiKey[];
  /** Keys that open `/metrics` and nothing else. */
  readonly metricsKeys: readonly ApiKey[];
  /** The origins of pages that may call every route, beside Paddock's own. */
  readonly corsOrigins: readonly string[];
  /** `HOST` is one; null where every name is allowed, because a key is asked for or `*` is set. */
  readonly allowedHosts: AllowedHosts;
}

const SAME_PORT_MESSAGE =
  'expected another port than PORT: pages of providers need an origin of their own';

interface ParseOptions {
  /** Faults that were found before, such as those of secret files. */
  readonly faults?: readonly Fault[];
  /** The kinds that providers may have; all where it is absent. */
  readonly kinds?: readonly ProviderKind[];
}

/**
 * Parses the settings once.
 * @throws {SettingsError} with all faults at once
 */
export function parseSettings(environment: Environment, options: ParseOptions = {}): Settings {
  const { faults: found = [], kinds = KINDS } = options;
  const faults: Fault[] = [...found, ...findSecretFiles(environment)];
  const values = readValues(environment, faults);
  const registry = parseRegistry(values, { kinds, faults });
  const roles = parseRoles(values, { registry, faults });
  const keys = parseKeys(values, faults);
  const corsOrigins = parseCorsOrigins(values.CORS_ORIGINS, faults);
  if (values.UPSTREAM_PORT === values.PORT && values.PORT !== 0) {
    faults.push({ variable: 'UPSTREAM_PORT', message: SAME_PORT_MESSAGE });
  }
  const allowedHosts = parseAllowedHosts(values.ALLOWED_HOSTS, faults);
  if (faults.length > 0) throw new SettingsError(faults);
  return Object.freeze({
    ...toFields(values),
    registry,
    roles,
    database: Object.freeze({ url: values.LIBSQL_URL, authToken: values.LIBSQL_AUTH_TOKEN }),
    apiKeys: keys.API_KEYS,
    adminKeys: keys.ADMIN_KEYS,
    metricsKeys: keys.METRICS_KEYS,
    corsOrigins,
    allowedHosts:
      allowedHosts === null || keys.API_KEYS.length > 0
        ? null
        : Object.freeze([...allowedHosts, values.HOST.toLowerCase()]),
  });
}
