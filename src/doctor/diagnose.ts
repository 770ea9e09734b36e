import { findAliasDrifts, findDrifts } from '../catalog/drift.ts';
import type { Catalog, CatalogProvider } from '../catalog/catalog.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { messageOf, type PaddockError } from '../errors.ts';
import { openai } from '../registry/kinds/openai.ts';
import type { ProviderKind } from '../registry/provider-kind.ts';
import type { Provider } from '../registry/provider.ts';
import type { Registry } from '../registry/registry.ts';
import type { Roles } from '../resolve/roles.ts';
import type { Examination } from './examine-provider.ts';
import type { Diagnosis, Finding } from './diagnosis.ts';
import { findHiddenFavorites } from './hidden-favorites.ts';

/** The facts that a diagnosis uses. */
export interface Evidence {
  readonly registry: Registry;
  readonly roles: Roles;
  /** The last lists of the providers. */
  readonly snapshot: Snapshot | null;
  /** Null without providers. */
  readonly catalog: Catalog | null;
  /** The IDs of all favorites, or null if the database cannot list them. */
  readonly favorites: readonly string[] | null;
  /** The error that prevents listing favorites or storing another one; null if both work. */
  readonly databaseFault: PaddockError | null;
  readonly examinations: ReadonlyMap<string, Examination>;
}

/** The most models that one finding names. */
const MAX_NAMED = 50;

const RANKS: readonly Finding['level'][] = ['fault', 'warning', 'note'];

/** Lists faults, warnings and notes, in this order, and the state of each provider. */
export function diagnose(evidence: Evidence): Diagnosis {
  const findings = findAll(evidence).toSorted(
    (a, b) => RANKS.indexOf(a.level) - RANKS.indexOf(b.level),
  );
  const { catalog, examinations } = evidence;
  const hosts = (catalog?.providers ?? []).map(({ models, error: _error, ...group }) => {
    const software = examinations.get(group.name)?.software;
    const release = software?.isOfKind === true ? software.release : null;
    return { ...group, modelCount: models.length, release };
  });
  return { ok: findings.every(({ level }) => level !== 'fault'), findings, hosts };
}

function findAll(evidence: Evidence): Finding[] {
  const { registry, snapshot, catalog, favorites, databaseFault, examinations } = evidence;
  const findings: Finding[] = [];
  if (registry.providers.size === 0) {
    findings.push(
      toFault('PROVIDERS', { code: 'no_providers', message: messageOf('no_providers') }),
    );
  }
  for (const provider of registry.providers.values()) {
    const group = catalog?.providers.find(({ name }) => name === provider.name);
    findings.push(
      ...(group === undefined ? [] : diagnoseGroup(group)),
      ...diagnoseProvider(provider, examinations.get(provider.name)),
    );
  }
  findings.push(
    ...findDrifts(evidence, snapshot).map(({ variable, message }) =>
      toFault(variable, { code: 'drift', message }),
    ),
    ...findAliasDrifts(evidence).map(({ variable, message }): Finding => ({
      ...toFault(variable, { code: 'drift', message }),
      level: 'warning',
    })),
    ...(catalog === null ? [] : findSharedNames(catalog, registry)),
  );
  if (databaseFault !== null) findings.push(toFault('database', databaseFault));
  if (favorites !== null && catalog !== null) {
    findings.push(...findHiddenFavorites(favorites, { registry, snapshot, catalog }));
  }
  return findings;
}

function diagnoseGroup({ name, status, error, models }: CatalogProvider): Finding[] {
  if (error !== null) {
    // An online provider with an error still lists some of its models, so this is only a warning.
    return [{ ...toFault(name, error), level: status === 'online' ? 'warning' : 'fault' }];
  }
  if (models.length > 0) return [];
  const message = `${name} is online but lists no models: add models to its configuration.`;
  return [{ level: 'warning', subject: name, code: 'no_models', message }];
}

function diagnoseProvider(provider: Provider, examination: Examination | undefined): Finding[] {
  if (examination === undefined) return [];
  const { name, kind } = provider;
  const { software, betterKind, sidecar } = examination;
  const findings: Finding[] = [];
  if (software?.isOfKind === false) {
    const scheme = toScheme(betterKind ?? openai, provider);
    const message = `${name} lists models, but is not ${kind.name}: correct its port in PROVIDERS, or write ${scheme} instead of ${toScheme(kind, provider)}.`;
    findings.push(toFault(name, { code: `not_${kind.name.replaceAll('-', '_')}`, message }));
  } else if (betterKind !== null) {
    const message = `${name} is ${betterKind.name}: write ${toScheme(betterKind, provider)} instead of ${toScheme(kind, provider)} in PROVIDERS, with its port. Paddock then also shows which of its models are loaded.`;
    findings.push({ level: 'note', subject: name, code: 'better_kind', message });
  }
  if (software?.isOfKind === true) {
    const message = kind.software?.findLacks(name, software.release) ?? null;
    if (message !== null) {
      findings.push({ level: 'warning', subject: name, code: 'old_release', message });
    }
  }
  const fault = sidecar === null ? null : toSidecarMessage(provider, sidecar);
  if (fault !== null) findings.push(toFault(name, { code: 'sidecar', message: fault }));
  return findings;
}

/** The scheme of a kind's DSN, for the protocol of a provider. */
function toScheme({ name }: ProviderKind, { baseUrl }: Provider): string {
  return `${name}${baseUrl.startsWith('https:') ? 's' : ''}://`;
}

function toSidecarMessage(
  { name, kind, timeoutMs }: Provider,
  outcome: NonNullable<Examination['sidecar']>,
): string | null {
  const { settings } = kind;
  switch (outcome.kind) {
    case 'ok':
      return null;
    case 'status': {
      const { status } = outcome;
      if (status === 401 || status === 403) {
        return `The sidecar of ${name} rejected the key (HTTP ${status}): it must accept the key of ${name} in ${settings.key}.`;
      }
      // A sidecar does not have to list models: any other answer shows that it is running.
      if (status < 500) return null;
      return `The sidecar of ${name} answered HTTP ${status}: check the server behind it. Until then, requests for models of ${name} fail.`;
    }
    default:
      return `The sidecar of ${name} did not answer within ${timeoutMs} ms: check that it is running, and its address in ${settings.address}. Until then, requests for models of ${name} fail.`;
  }
}

function findSharedNames(catalog: Catalog, { defaultProvider }: Registry): Finding[] {
  const models = catalog.providers.flatMap((provider) => provider.models);
  const shared = new Set(
    models
      .filter(({ alsoOn, kind }) => alsoOn.length > 0 && kind !== 'peer')
      .map(({ model }) => model),
  );
  if (shared.size === 0) return [];
  const named = [...shared].toSorted().slice(0, MAX_NAMED);
  const more = shared.size > named.length ? ` and ${shared.size - named.length} more` : '';
  const names = named.join(', ') + more;
  const bare =
    defaultProvider === null
      ? 'No local provider is set up for bare IDs: write provider/model.'
      : `A bare ID means the model of ${defaultProvider}: write provider/model for another.`;
  const message = `On several providers: ${names}. ${bare}`;
  return [{ level: 'note', subject: 'models', code: 'shared_names', message }];
}

function toFault(subject: string, { code, message }: { code: string; message: string }): Finding {
  return { level: 'fault', subject, code, message };
}
