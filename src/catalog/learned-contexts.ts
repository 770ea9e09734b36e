import type { Database, Row, Statement } from '../database/database.ts';
import { joinId, splitId } from '../resolve/composite-id.ts';
import type { Clock } from '../clock.ts';
import { toLoadedWindow, type LearnedContext, type LoadedContext } from './loaded-context.ts';

/** The facts learned about models, by composite ID. */
export type ContextsById = ReadonlyMap<string, LearnedContext>;

/** The facts known about models that are loaded now, by composite ID. */
export type LoadedById = ReadonlyMap<string, LoadedContext>;

/** Stores context windows and modalities across loads and restarts. */
export type LearnedContexts = ReturnType<typeof createLearnedContexts>;

const PATIENCE_MS = 300;

const LIST: Statement = {
  sql: 'SELECT provider, model, tokens, command_tokens, inputs FROM context_windows',
};

/** The most models that are stored of one provider: an upstream that invents names must not fill the database. */
const MAX_EACH = 1000;

const KEEP = `
  INSERT INTO context_windows (provider, model, tokens, seen_at, command_tokens, inputs)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6
  WHERE (SELECT count(*) FROM context_windows WHERE provider = ?1 AND model <> ?2) < ${MAX_EACH}
  ON CONFLICT (provider, model) DO UPDATE SET
    tokens = ?3, seen_at = ?4, command_tokens = ?5, inputs = coalesce(?6, inputs)`;

/** Creates the store on a migrated database. */
export function createLearnedContexts(options: {
  database: Database;
  clock: Clock;
  /** The most time that a round of probes waits for the database, in milliseconds. */
  patienceMs?: number | undefined;
  /** Called when the database begins to fail. */
  report: (cause: unknown) => void;
}) {
  const { database, clock, patienceMs = PATIENCE_MS, report } = options;
  let stored: ContextsById = new Map();
  const unsaved = new Map<string, LearnedContext>();
  let isFailing = false;

  function settle(cause: unknown): void {
    if (cause !== null && !isFailing) report(cause);
    isFailing = cause !== null;
  }

  async function read(): Promise<void> {
    try {
      stored = toContexts(await database.read(LIST));
      settle(null);
    } catch (cause) {
      settle(cause);
    }
  }

  return {
    /** Returns what is known. Waits for the database for `patienceMs` at most, and never rejects. */
    async load(): Promise<ContextsById> {
      await Promise.race([read(), clock.sleep(patienceMs)]);
      return new Map([...stored, ...unsaved]);
    },
    /** Adds what was seen and returns what is known then. `save` writes it. */
    learn(known: ContextsById, seen: LoadedById): ContextsById {
      const news = findNews(known, seen);
      for (const [id, context] of news) unsaved.set(id, context);
      return news.length === 0 ? known : new Map([...known, ...news]);
    },
    /** Writes what was learned and not written yet. Never rejects: the next call retries a failed write. */
    async save(): Promise<void> {
      const batch = [...unsaved];
      if (batch.length === 0) return;
      const seenAt = new Date(clock.wall()).toISOString();
      try {
        await database.write(batch.map(([id, context]) => toStatement({ id, context, seenAt })));
      } catch (cause) {
        settle(cause);
        return;
      }
      stored = new Map([...stored, ...batch]);
      for (const [id, context] of batch) if (unsaved.get(id) === context) unsaved.delete(id);
    },
  };
}

function findNews(known: ContextsById, seen: LoadedById): [id: string, context: LearnedContext][] {
  return [...seen].flatMap(([id, loaded]): [string, LearnedContext][] => {
    const before = known.get(id) ?? null;
    const tokens = toLoadedWindow(loaded, before);
    const { command } = loaded;
    const inputs = loaded.inputs ?? before?.inputs ?? null;
    if (tokens === null) return [];
    const context = { tokens, command, inputs };
    return JSON.stringify(before) === JSON.stringify(context) ? [] : [[id, context]];
  });
}

function toStatement(row: { id: string; context: LearnedContext; seenAt: string }): Statement {
  const { provider = '', model = '' } = splitId(row.id) ?? {};
  const { tokens, command, inputs } = row.context;
  const text = inputs?.join(' ') ?? null;
  return { sql: KEEP, args: [provider, model, tokens, row.seenAt, command, text] };
}

function toContexts(rows: readonly Row[]): ContextsById {
  return new Map(
    rows.map(({ provider, model, tokens, command_tokens: command, inputs }) => [
      joinId(String(provider), String(model)),
      {
        tokens: Number(tokens),
        command: command === null ? null : Number(command),
        inputs: typeof inputs === 'string' ? inputs.split(' ') : null,
      },
    ]),
  );
}
