import * as v from 'valibot';
import type { Steps } from '../../steps.ts';
import type { Ask } from '../own-request.ts';
import type { LearnedModel, ProviderKind } from '../provider-kind.ts';
import { MAX_MODELS, toPlainRecord, type ListRecord } from '../provider-models.ts';
import { describe, SHOW, TAG, TAGS } from './ollama-bodies.ts';
import { isUsable } from './openai-records.ts';

type Tag = v.InferOutput<typeof TAG>;

/** The number of records that are read in one step. */
const STEP = 50;

/** The most models that one list asks about. The next lists ask about the others. */
const MAX_ASKED = 16;

const LATEST = ':latest';

/** Lists the models of an Ollama. What older releases leave out of the list is asked once for each model. */
export const listOllama: ProviderKind['list'] = async (ask, { provider, run, learned }) => {
  const list = await ask({ path: '/api/tags', body: TAGS });
  if (list.kind !== 'ok') return list;
  const tags = await run(readTags(list.value.slice(0, MAX_MODELS), provider));
  await learn([...tags.values()], { ask, learned });
  const records = await run(toRecords(tags, learned));
  const isCut = list.value.length > MAX_MODELS;
  return { kind: 'ok', value: { records, pins: new Map(), isCut } };
};

function* readTags(entries: readonly unknown[], provider: string): Steps<Map<string, Tag>> {
  const tags = new Map<string, Tag>();
  for (const [index, entry] of entries.entries()) {
    if (index % STEP === STEP - 1) yield;
    const { success, output } = v.safeParse(TAG, entry);
    if (success && isUsable(output.name, provider) && !tags.has(output.name)) {
      tags.set(output.name, output);
    }
  }
  return tags;
}

/** Asks about models that the list says nothing about. A model's digest changes with its contents. */
async function learn(
  tags: readonly Tag[],
  { ask, learned }: { ask: Ask; learned: Map<string, LearnedModel> },
): Promise<void> {
  const unknown = tags.filter((tag) => tag.capabilities.length === 0 && tag.remote_host === null);
  const digests = new Set(unknown.map(({ digest }) => digest));
  for (const digest of learned.keys()) if (!digests.has(digest)) learned.delete(digest);
  const missing = unknown.filter(({ digest }) => digest !== null && !learned.has(digest));
  await Promise.all(
    missing.slice(0, MAX_ASKED).map(async ({ name, digest }) => {
      const json = { model: name };
      const shown = await ask({ method: 'POST', path: '/api/show', json, body: SHOW });
      if (digest === null) return;
      if (shown.kind === 'ok') learned.set(digest, shown.value);
      // Another request for the same file would fail too.
      else if (shown.kind === 'status' || shown.kind === 'unexpected')
        learned.set(digest, describe([]));
    }),
  );
}

function* toRecords(
  tags: ReadonlyMap<string, Tag>,
  learned: ReadonlyMap<string, LearnedModel>,
): Steps<Map<string, ListRecord>> {
  const records = new Map<string, ListRecord>();
  for (const [name, tag] of tags) {
    if (records.size % STEP === STEP - 1) yield;
    const shown = learned.get(tag.digest ?? '') ?? describe(tag.capabilities);
    const short = name.endsWith(LATEST) ? name.slice(0, -LATEST.length) : '';
    records.set(name, {
      ...toPlainRecord(name),
      maxContext: tag.details.context_length,
      ...shown,
      // Ollama reads a name without a tag as the latest.
      aliases: short === '' || tags.has(short) ? [] : [short],
      ...(tag.remote_host !== null && toPeer(tag.remote_host)),
    });
  }
  return records;
}

/** A model that Ollama relays to another server, such as its own cloud. */
function toPeer(address: string): Pick<ListRecord, 'type' | 'peer'> {
  return { type: 'peer', peer: URL.canParse(address) ? new URL(address).hostname : address };
}
