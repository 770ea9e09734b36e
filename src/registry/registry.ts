import type { ResolveSettings } from '../resolve/resolve-model.ts';
import type { Provider } from './provider.ts';

/** The providers in the order of the settings, and the other data that resolving IDs needs. */
export interface Registry extends ResolveSettings {
  readonly providers: ReadonlyMap<string, Provider>;
}
