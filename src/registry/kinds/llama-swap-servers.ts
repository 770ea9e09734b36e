import type { Outcome } from '../outcome.ts';
import type { ModelServers, Pins } from '../provider-kind.ts';
import { PROFILES, PROPS } from './llama-swap-bodies.ts';
import { fitsPath, toModelSegment } from './model-segment.ts';

/** The model servers behind a llama-swap. */
export const llamaSwapServers: ModelServers = {
  readPins: async (ask) => toPins(await ask({ path: '/api/profiles', body: PROFILES })),
  toPropsRequest(model, { hasProfiles }) {
    // Use the name that the client used, so that llama-swap resolves both to the same model.
    if (fitsPath(model)) return { path: `/upstream/${toModelSegment(model)}/props`, body: PROPS };
    // Every release with profiles has `/props`.
    return hasProfiles ? { path: `/props?model=${encodeURIComponent(model)}`, body: PROPS } : null;
  },
};

/** Releases before v241 have no profiles. */
function toPins(outcome: Outcome<ReadonlyMap<string, string>>): Pins {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value;
    case 'status':
      return outcome.status < 500 && outcome.status !== 401 && outcome.status !== 403
        ? 'none'
        : 'unclear';
    case 'unexpected':
      return outcome.isTooLarge ? 'unclear' : 'none';
    default:
      return 'unclear';
  }
}
