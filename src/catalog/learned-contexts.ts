import type { Database, Row, Statement } from '../database/database.ts';
import { joinId, splitId } from '../resolve/composite-id.ts';
import type { Clock } from './clock.ts';

/** Context windows in tokens, by the composite IDs of the models that had them when they were last seen loaded. */
export type ContextsById = ReadonlyMap<string, number>;

/** The context windows that outlive loads, and this process. */
export interface LearnedContexts {
  /** What is known. Waits for the database a moment at most, and never rejects. */
  load(): Promise<ContextsById>;
  /** What is known once this has been seen; it is written by `save`. */
  learn(known: ContextsById, seen: ContextsById): ContextsById;
  /** Writes what was learned and is not written yet. Never rejects: what fails is tried again by the next call. */
  save(): Promise<void>;
}

/** How long a round of probes waits for the database, in milliseconds. */
const PATIENCE_MS = 300;

const LIST: Statement = { sql: 'SELECT provider, model, tokens FROM context_windows' };

/** How many models of a provider are remembered: a host that makes up names must not fill the database. */
const MOST_EACH = 1000;

const KEEP = `
  INSERT INTO context_windows (provider, model, tokens, seen_at)
  SELECT ?1, ?2, ?3, ?4
  WHERE (SELECT count(*) FROM context_windows WHERE provider = ?1 AND model <> ?2) < ${MOST_EACH}
  ON CONFLICT (provider, model) DO UPDATE SET tokens = ?3, seen_at = ?4`;

/** Makes them over a database that has its migrations. */
export function createLearnedContexts(options: {
  database: Database;
  clock: Clock;
  /** Told when the database begins to fail. */
  report: (cause: unknown) => void;
}): LearnedContexts {
  const { database, clock, report } = options;
  let stored: ContextsById = new Map();
  const unsaved = new Map<string, number>();
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
    async load() {
      await Promise.race([read(), clock.sleep(PATIENCE_MS)]);
      return new Map([...stored, ...unsaved]);
    },
    learn(known, seen) {
      const news = [...seen].filter(([id, tokens]) => known.get(id) !== tokens);
      for (const [id, tokens] of news) unsaved.set(id, tokens);
      return news.length === 0 ? known : new Map([...known, ...news]);
    },
    async save() {
      const batch = [...unsaved];
      if (batch.length === 0) return;
      const seenAt = new Date(clock.wall()).toISOString();
      try {
        await database.write(batch.map(([id, tokens]) => toStatement({ id, tokens, seenAt })));
      } catch (cause) {
        settle(cause);
        return;
      }
      stored = new Map([...stored, ...batch]);
      for (const [id, tokens] of batch) if (unsaved.get(id) === tokens) unsaved.delete(id);
    },
  };
}

function toStatement(row: { id: string; tokens: number; seenAt: string }): Statement {
  const { provider = '', model = '' } = splitId(row.id) ?? {};
  return { sql: KEEP, args: [provider, model, row.tokens, row.seenAt] };
}

function toContexts(rows: readonly Row[]): ContextsById {
  return new Map(
    rows.map(({ provider, model, tokens }) => [
      joinId(String(provider), String(model)),
      Number(tokens),
    ]),
  );
}
