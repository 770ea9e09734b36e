// The log of a simulated host: its own lines, and those of each model's server, as llama-swap keeps them.

/** The part of a log: the host's own lines, those of all model servers, or those of one model by ID. */
type Part = 'proxy' | 'upstream' | { model: string };

/** The log of one host. */
export interface HostLog {
  /** Writes a line of the host itself. */
  writeOwn(line: string): void;
  /** Writes a line of a model's server. */
  writeModel(id: string, line: string): void;
  /** Returns the lines that are kept. */
  read(part: Part): string;
  /** Calls back with each new line, until the returned function is called. */
  follow(part: Part, onLine: (line: string) => void): () => void;
  /** The number of followers. */
  readonly followers: number;
}

const MOST_CHARACTERS = 100 * 1024;

/** Creates an empty log. */
export function createHostLog(): HostLog {
  const kept = new Map<string, string>();
  const readers = new Set<{ key: string; onLine: (line: string) => void }>();
  const append = (key: string, line: string) => {
    kept.set(key, ((kept.get(key) ?? '') + line).slice(-MOST_CHARACTERS));
    for (const reader of readers) if (reader.key === key) reader.onLine(line);
  };
  return {
    writeOwn: (line) => append('proxy', `${line}\n`),
    writeModel(id, line) {
      append('upstream', `${line}\n`);
      append(toKey({ model: id }), `${line}\n`);
    },
    get followers() {
      return readers.size;
    },
    read: (part) => kept.get(toKey(part)) ?? '',
    follow(part, onLine) {
      const reader = { key: toKey(part), onLine };
      readers.add(reader);
      return () => readers.delete(reader);
    },
  };
}

function toKey(part: Part): string {
  return typeof part === 'string' ? part : `model ${part.model}`;
}
