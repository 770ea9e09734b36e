/** A profile of a llama-swap configuration: which model answers for which name. A pin to "" disables the name. */
export interface Profile {
  id: string;
  description?: string;
  pins: Record<string, string>;
}

/** The profiles of one host, of which one may be active. */
export interface ProfileTable {
  list: Profile[];
  active: string | null;
  /** The name that a request is for, once the active profile has been applied; `null` where that disables it. */
  pin(name: string): string | null;
  /** The same for the path behind `/upstream/`, of which the longest pinned beginning counts. */
  pinPath(path: string): string | null;
}

/** Makes a host's profiles. */
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
