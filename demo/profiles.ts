/** A profile of a llama-swap configuration: it maps names to models. A pin to "" disables the name. */
export interface Profile {
  id: string;
  description?: string;
  pins: Record<string, string>;
}

/** The profiles of one host. At most one is active. */
export interface ProfileTable {
  list: Profile[];
  active: string | null;
  /** Returns the name after the active profile is applied; `null` if the profile disables it. */
  pin(name: string): string | null;
  /** Like `pin`, for the path after `/upstream/`. The longest pinned name at its start counts. */
  pinPath(path: string): string | null;
}

/** Creates the profiles of a host. */
export function createProfileTable(list: Profile[], active: string | null): ProfileTable {
  const table: ProfileTable = {
    list,
    active,
    pin: (name) => (pins().get(name) ?? name) || null,
    pinPath(path) {
      const [pin = ''] = [...pins().keys()]
        .filter((name) => path === name || path.startsWith(`${name}/`))
        .toSorted((a, b) => b.length - a.length);
      if (pin === '') return path;
      const target = table.pin(pin);
      return target === null ? null : target + path.slice(pin.length);
    },
  };
  const pins = () =>
    new Map(Object.entries(list.find(({ id }) => id === table.active)?.pins ?? {}));
  return table;
}
