import { FAULTS, NONCE_PREFIX, type Inference, type InferenceKind } from './exchange.ts';
import { HOSTS, MODELS, STEADY_HOSTS } from './hosts.ts';
import type { Random } from './random.ts';

/** The kinds of requests to Paddock itself. */
export const OWN_KINDS = ['models', 'catalog', 'events', 'favorites'] as const;
/** A kind of request. */
export type Kind = InferenceKind | (typeof OWN_KINDS)[number];

/** How often each is drawn by a client that goes as fast as it gets answers. */
const BUSY = {
  chat: 30,
  stream: 20,
  message: 10,
  embeddings: 10,
  form: 6,
  large: 4,
  models: 6,
  catalog: 12,
} satisfies Partial<Record<Kind, number>>;

/** And by one whose answers take their time. */
const PATIENT = { 'slow reader': 2, 'left midway': 4, events: 1 } satisfies Partial<
  Record<Kind, number>
>;

/** The roles of clients, in turn. Half of them use steady hosts alone. Favorites have a client of their own. */
const ROLES = [
  { drawn: toDrawn(BUSY), hosts: STEADY_HOSTS },
  { drawn: toDrawn(BUSY), hosts: HOSTS },
  { drawn: toDrawn(BUSY), hosts: STEADY_HOSTS },
  { drawn: toDrawn(PATIENT), hosts: HOSTS },
] as const;

/** How many clients it takes for everything to be asked. */
export const LEAST_CLIENTS = ROLES.length;

/** How many requests to models are met with a fault. */
const FAULT_RATE = 0.08;

/** What a client does next. */
export type Drawn = Inference | { readonly kind: 'models' | 'catalog' | 'events' };

/** Whether it is for a model. */
export function isInference(drawn: Drawn): drawn is Inference {
  return 'nonce' in drawn;
}

/** Draws what a client, of whom there are several, does next; `id` must be another each time. */
export function drawRequest(random: Random, { client, id }: { client: number; id: string }): Drawn {
  const { drawn, hosts } = ROLES[client % ROLES.length] ?? ROLES[0];
  const kind = random.pick(drawn);
  if (kind === 'models' || kind === 'catalog' || kind === 'events') return { kind };
  // These two kinds test the client side, so their hosts are steady.
  const isSteady = kind === 'slow reader' || kind === 'left midway';
  return {
    kind,
    host: random.pick<string>(hosts),
    model: random.pick(Object.keys(MODELS)),
    nonce: NONCE_PREFIX + id,
    fault: !isSteady && random.next() < FAULT_RATE ? random.pick(FAULTS) : null,
    isModelFirst: random.next() < 0.5,
  };
}

function toDrawn<K extends string>(weights: Readonly<Record<K, number>>): readonly K[] {
  return Object.entries<number>(weights).flatMap(([kind, weight]) =>
    Array.from({ length: weight }, () => kind as K),
  );
}
