// registry/ turns the environment into one typed, immutable value, or into every fault at once.
// Pure: it is given the variables and reads nothing itself, opens nothing and asks no host.

import { resolveModel, type Resolution } from '../resolve/resolve-model.ts';
import { SettingsError, type Fault } from './fault.ts';
import { parseRegistry, type Registry } from './registry.ts';
import { readVariables, type Environment, type LogLevel } from './variables.ts';

/** Everything the environment says, parsed. */
export interface Settings {
  readonly registry: Registry;
  /** The canonical ID of the default role, or null. */
  readonly defaultModel: string | null;
  readonly database: { readonly url: string | null; readonly authToken: string | null };
  readonly host: string;
  readonly port: number;
  readonly catalogTtlMs: number;
  readonly maxBodyBytes: number;
  readonly logLevel: LogLevel;
}

/**
 * Parses the settings once.
 * @throws {SettingsError} with every fault that they have.
 */
export function parseSettings(environment: Environment): Settings {
  const faults: Fault[] = [];
  const values = readVariables(environment, faults);
  const registry = parseRegistry(values, faults);
  const defaultModel = resolveDefault(values.DEFAULT_MODEL, registry);
  if (defaultModel?.ok === false) {
    faults.push({ variable: 'DEFAULT_MODEL', message: defaultModel.message });
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return Object.freeze({
    registry,
    defaultModel: defaultModel?.ok ? defaultModel.id : null,
    database: Object.freeze({
      url: values.LIBSQL_URL ?? null,
      authToken: values.LIBSQL_AUTH_TOKEN ?? null,
    }),
    host: values.HOST,
    port: values.PORT,
    catalogTtlMs: values.CATALOG_TTL_MS,
    maxBodyBytes: values.MAX_BODY_BYTES,
    logLevel: values.LOG_LEVEL,
  });
}

function resolveDefault(text: string | undefined, registry: Registry): Resolution | null {
  // With nobody to ask, the fault is the missing provider, and every answer says so.
  return text === undefined || registry.providers.size === 0 ? null : resolveModel(text, registry);
}
