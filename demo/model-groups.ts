/** A group of a llama-swap configuration. */
export interface ModelGroup {
  /** Whether loading one member unloads the others. */
  swap: boolean;
  /** Whether a request for a member unloads the members of other groups. */
  exclusive: boolean;
  /** Whether requests for members of other groups leave its members loaded. */
  persistent?: boolean;
  members: string[];
}

/** Returns the running models that a request for `target` unloads, even if `target` is loaded already. */
export type FindEvicted = (target: string, running: string[]) => string[];

/** Applies the rules of groups. Models without a group form one group, which swaps and is exclusive. */
export function createFindEvicted(groups: ModelGroup[] = []): FindEvicted {
  const others: ModelGroup = { swap: true, exclusive: true, members: [] };
  const groupOf = (id: string) => groups.find(({ members }) => members.includes(id)) ?? others;
  return (target, running) => {
    const own = groupOf(target);
    return running.filter((id) => {
      if (id === target) return false;
      const group = groupOf(id);
      return group === own ? own.swap : own.exclusive && group.persistent !== true;
    });
  };
}
