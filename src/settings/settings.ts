// settings/ parses the environment into one typed, immutable value, or reports every fault at once. It is pure: callers
// pass the variables as values.

import type { Roles } from '../resolve/roles.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { parseKeys, type ApiKey } from './api-keys.ts';
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

/** The parsed settings. The plain values are declared in table.ts. */
export interface Settings extends FieldValues {
  readonly registry: Registry;
  readonly roles: Roles;
  readonly database: { readonly url: string | null; readonly authToken: string | null };
  /** The keys of clients. If there are none, no key is required. */
  readonly apiKeys: readonly ApiKey[];
  /** Keys that also permit administration, and see more than `apiKeys`. If there are none, every key does. */
  readonly adminKeys: readonly ApiKey[];
  /** Keys that permit only `/metrics`. */
  readonly metricsKeys: readonly ApiKey[];
  /** The allowed host names, including `HOST`; null if every name is allowed, because a key is required or `*` is set. */
  readonly allowedHosts: AllowedHosts;
}

const SAME_PORT_MESSAGE =
  'expected another port than PORT: pages of providers need an origin of their own';

interface ParseOptions {
  /** Earlier faults, such as those of secret files. */
  readonly faults?: readonly Fault[];
  /** The allowed kinds of providers; all kinds by default. */
  readonly kinds?: readonly ProviderKind[];
}

/** Parses the settings. Throws a `SettingsError` with all faults at once. */
export function parseSettings(environment: Environment, options: ParseOptions = {}): Settings {
  const { faults: found = [], kinds = KINDS } = options;
  const faults: Fault[] = [...found, ...findSecretFiles(environment)];
  const values = readValues(environment, faults);
  const registry = parseRegistry(values, { kinds, faults });
  const roles = parseRoles(values, { registry, faults });
  const keys = parseKeys(values, faults);
  if (values.UPSTREAM_PORT === values.PORT && values.PORT !== 0) {
    faults.push({ variable: 'UPSTREAM_PORT', message: SAME_PORT_MESSAGE });
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return Object.freeze({
    ...toFields(values),
    registry,
    roles,
    database: Object.freeze({ url: values.LIBSQL_URL, authToken: values.LIBSQL_AUTH_TOKEN }),
    apiKeys: keys.API_KEYS,
    adminKeys: keys.ADMIN_KEYS,
    metricsKeys: keys.METRICS_KEYS,
    allowedHosts:
      values.ALLOWED_HOSTS.includes('*') || keys.API_KEYS.length > 0
        ? null
        : Object.freeze([...values.ALLOWED_HOSTS, values.HOST.toLowerCase()]),
  });
}
