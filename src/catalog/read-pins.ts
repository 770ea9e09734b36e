import * as v from 'valibot';

const PROFILES = v.object({
  active: v.string(),
  profiles: v.array(
    v.fallback(v.object({ id: v.string(), pins: v.unknown() }), { id: '', pins: {} }),
  ),
});

const NO_PINS: ReadonlyMap<string, string> = new Map();

/** What llama-swap's active profile makes of which names, by its `/api/profiles`; empty where none is active. */
export function readPins(value: unknown): ReadonlyMap<string, string> {
  const parsed = v.safeParse(PROFILES, value);
  if (!parsed.success) return NO_PINS;
  const { active, profiles } = parsed.output;
  const pins = profiles.find(({ id }) => id === active)?.pins;
  if (typeof pins !== 'object' || pins === null) return NO_PINS;
  // An empty target makes the name answer 404.
  const targets = Object.entries(pins).filter(([, target]) => typeof target === 'string' && target);
  return new Map(targets);
}
