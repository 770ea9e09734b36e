/** A model of a simulated host, as its configuration describes it. */
export interface DemoModel {
  /** The name that requests use; may hold slashes and colons. */
  id: string;
  name?: string;
  description?: string;
  aliases?: string[];
  /** The declared context length in tokens; most configurations declare none. */
  contextLength?: number;
  /** The context length that the running model server reports at `/props`; the declared length when left out. */
  runtimeContext?: number;
  /** The modalities that the running model server reports at `/props`; those in `capabilities` when left out. */
  runtimeModalities?: { vision: boolean; audio: boolean };
  /** Names as in the models list: `vision`, `function_calling`, `reranker`, ... */
  capabilities?: string[];
  /** What its server serves in place of text; a server for vectors runs with `--embeddings` or `--reranking`. */
  serves?: 'vectors' | 'media';
  /** Writes reasoning before each answer. */
  reasoning?: boolean;
  /** How long the model takes to start, in milliseconds. */
  loadMs: number;
  /** The idle time before the host unloads it, in seconds; never when left out. */
  ttl?: number;
  /** Hides the model from the models list. Requests can still use it. */
  unlisted?: boolean;
  /** The peer that serves this model. The host never loads such a model itself. */
  peer?: string;
  /** The command line that `/running` reports. */
  cmd?: string;
  /** Makes every start fail with this message, after `loadMs`. */
  startError?: string;
  /** Sends progress as reasoning chunks while a streaming chat request waits for the start. */
  sendLoadingState?: boolean;
  /** The speed of its replies; the host's speed when left out. */
  tokensPerSecond?: number;
}

/** A model at the start of a path, its name in the path, and the rest of the path. */
interface ModelInPath {
  model: DemoModel;
  name: string;
  rest: string;
}

/** The configured models of one host, searchable by ID or alias. */
export interface ModelTable {
  list: DemoModel[];
  find(name: string): DemoModel | undefined;
  findInPath(path: string): ModelInPath | undefined;
}

/** Indexes models by ID and alias. */
export function createModelTable(models: DemoModel[]): ModelTable {
  const byName = new Map<string, DemoModel>();
  for (const model of models) {
    for (const name of [model.id, ...(model.aliases ?? [])]) byName.set(name, model);
  }
  const find = (name: string) => byName.get(name);
  return {
    list: models.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    find,
    findInPath: (path) => findLongest(path, find),
  };
}

/** Returns the longest configured name at the start of a path. */
function findLongest(path: string, find: ModelTable['find']): ModelInPath | undefined {
  const segments = path.split('/');
  let name = '';
  let found: ModelInPath | undefined;
  for (const [index, segment] of segments.entries()) {
    if (segment === '') continue;
    name = name === '' ? segment : `${name}/${segment}`;
    const model = find(name);
    if (model) found = { model, name, rest: `/${segments.slice(index + 1).join('/')}` };
  }
  return found;
}
