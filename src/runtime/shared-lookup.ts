import type { LookupAddress } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

/** How long a lookup may take before the last known addresses are used instead, in milliseconds. */
const PATIENCE_MS = 500;

/** How long known addresses may be used instead, in milliseconds: after that another machine may have them. */
const MEMORY_MS = 600_000;

interface Known {
  readonly addresses: readonly LookupAddress[];
  readonly at: number;
}

interface Asking {
  readonly answer: Promise<readonly LookupAddress[]>;
  readonly since: number;
}

/**
 * Creates a lookup of names for connections that accept any kind of address. Node looks up names on a few threads. A
 * name that no name server answers for blocks a thread for ten seconds or more, even after the request has ended, so
 * repeated requests could block all threads forever. So each name has at most one lookup at a time, shared by all
 * requests, and a recently known name does not wait behind lookups that hang.
 */
export function createSharedLookup({
  resolve = (name) => lookUp(name, { all: true }),
  now = () => performance.now(),
}: { resolve?: Resolve; now?: () => number } = {}): LookupFunction {
  const known = new Map<string, Known>();
  const asking = new Map<string, Asking>();

  function ask(name: string): Asking {
    const running = asking.get(name);
    if (running !== undefined) return running;
    const answer = resolve(name)
      .then((addresses) => {
        known.set(name, { addresses, at: now() });
        return addresses;
      })
      .finally(() => asking.delete(name));
    const begun = { answer, since: now() };
    asking.set(name, begun);
    return begun;
  }

  async function find(name: string): Promise<readonly LookupAddress[]> {
    const { answer, since } = ask(name);
    const last = known.get(name);
    if (last === undefined || now() - last.at > MEMORY_MS) return answer;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<readonly LookupAddress[]>((settle) => {
      timer = setTimeout(settle, Math.max(0, since + PATIENCE_MS - now()), last.addresses);
    });
    return Promise.race([answer, patience]).finally(() => clearTimeout(timer));
  }

  const findThen = callbackify(find);
  return (...[name, { all }, callback]) => {
    findThen(name, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const [first] = addresses;
      if (all === true || first === undefined) return callback(null, [...addresses]);
      callback(null, first.address, first.family);
    });
  };
}
