import * as v from 'valibot';
import { findIdFault } from '../../resolve/composite-id.ts';
import type { Outcome } from '../outcome.ts';
import type { Ask, Body } from '../own-request.ts';
import type { ModelState, ServerProps } from '../provider-models.ts';
import { PROPS_ENTRIES, toServerProps } from './llama-swap-bodies.ts';
import { MODEL_LIST } from './openai-list.ts';
import { readCommand } from './read-command.ts';
import { readTexts } from './wire-values.ts';

/** The facts that `GET /props` gives about a llama-server, and of its model if it serves only one. */
export interface LlamaServerProps extends ServerProps {
  /** Whether it has given up the memory of its model until the next request. */
  readonly isSleeping: boolean;
  /** Whether the template of its model supports tools. */
  readonly supportsTools: boolean;
  /** Its build, such as `b9120-1a2b3c4`; null if it reports none. */
  readonly build: string | null;
}

const flag = v.fallback(v.boolean(), false);
const word = v.fallback(v.nullable(v.string()), null);

/** `GET /props` of a llama-server, alone or in router mode. No other server sends the fields that are checked. */
const LLAMA_SERVER_PROPS: Body<LlamaServerProps> = {
  expected: 'the properties of a llama-server',
  schema: v.pipe(
    v.object({
      ...PROPS_ENTRIES,
      role: word,
      total_slots: v.optional(v.unknown()),
      is_sleeping: flag,
      build_info: word,
      chat_template_caps: v.fallback(v.object({ supports_tools: flag }), { supports_tools: false }),
    }),
    v.check(({ role, total_slots: slots }) => role === 'router' || typeof slots === 'number'),
    v.transform((props) => ({
      ...toServerProps(props),
      isSleeping: props.is_sleeping,
      supportsTools: props.chat_template_caps.supports_tools,
      build: props.build_info,
    })),
  ),
};

/** A model of a llama-server. */
export interface LlamaServerModel {
  readonly id: string;
  readonly state: ModelState;
  /** Whether it is loaded but has given up its memory. A router neither loads it again nor calls it unloaded. */
  readonly isSleeping: boolean;
  /** The context window of one request, in tokens, or null. */
  readonly window: number | null;
}

/** The list of a llama-server. */
export interface LlamaServerList {
  /** Whether it starts a server for each model. */
  readonly isRouter: boolean;
  /** The entries of its list, unchecked: there may be 10,000. */
  readonly entries: readonly unknown[];
  /** The model of an entry; null if no request can name it. */
  toModel(entry: unknown): LlamaServerModel | null;
}

const ENTRY = v.object({
  id: v.string(),
  status: v.fallback(
    v.object({
      value: v.fallback(v.string(), ''),
      args: v.pipe(v.optional(v.unknown(), null), v.transform(readTexts)),
    }),
    { value: '', args: [] },
  ),
});

/** The states of a router's models (`tools/server/server-models.h`). All others are not in memory. */
const STATES: ReadonlyMap<string, ModelState> = new Map([
  ['loaded', 'ready'],
  ['loading', 'starting'],
]);

/** Whether a list is a router's. Only a router may have no model at all. */
export function listsRouter(entries: readonly unknown[]): boolean {
  return entries.every((entry) => typeof Object(entry).status === 'object');
}

/** Whether a list may be llama-server's, which names itself as the owner of its models. Other gateways name others. */
function mayBeOwn(entries: readonly unknown[]): boolean {
  return entries.every((entry) => ['llamacpp', undefined].includes(Object(entry)['owned_by']));
}

/** Reads the properties of a llama-server with this list; null for none. Another gateway could load a model for it. */
export async function readProps(
  ask: Ask,
  entries: readonly unknown[],
): Promise<LlamaServerProps | null> {
  if (!mayBeOwn(entries)) return null;
  const props = await ask({ path: '/props', body: LLAMA_SERVER_PROPS });
  return props.kind === 'ok' ? props.value : null;
}

/** Reads the list of a llama-server. No request makes it load a model. */
export async function readList(ask: Ask): Promise<Outcome<LlamaServerList>> {
  const list = await ask({ path: '/v1/models', body: MODEL_LIST, readsErrors: true });
  if (list.kind !== 'ok') return list;
  const entries = list.value.data;
  const isRouter = listsRouter(entries);
  if (isRouter) return { kind: 'ok', value: { isRouter, entries, toModel: toRouterModel } };
  const { isSleeping = false, window = null } = (await readProps(ask, entries)) ?? {};
  const state = isSleeping ? 'stopped' : 'ready';
  const toModel: LlamaServerList['toModel'] = (entry) => {
    const id = readId(entry);
    return id === null ? null : { id, state, isSleeping, window };
  };
  return { kind: 'ok', value: { isRouter, entries, toModel } };
}

/** Returns the models that are in memory, or on their way into it. */
export function findLoaded({ isRouter, entries, toModel }: LlamaServerList): LlamaServerModel[] {
  return entries.flatMap((entry) => {
    if (isRouter && !STATES.has(Object(Object(entry).status).value)) return [];
    const model = toModel(entry);
    return model === null || model.state === 'stopped' ? [] : [model];
  });
}

/** Returns the model with a name or an alias, or null. */
export function findModel({ entries, toModel }: LlamaServerList, name: string) {
  const found =
    entries.find((entry) => Object(entry).id === name) ??
    entries.find((entry) => readTexts(Object(entry).aliases).includes(name));
  return found === undefined ? null : toModel(found);
}

function toRouterModel(entry: unknown): LlamaServerModel | null {
  const parsed = v.safeParse(ENTRY, entry);
  if (!parsed.success || readId(entry) === null) return null;
  const { id, status } = parsed.output;
  return {
    id,
    state: STATES.get(status.value) ?? 'stopped',
    isSleeping: status.value === 'sleeping',
    window: readCommand(status.args.join(' ')),
  };
}

function readId(entry: unknown): string | null {
  const { id } = Object(entry) as { id?: unknown };
  return typeof id === 'string' && findIdFault(id) === null ? id : null;
}
