/** A model of a simulated host, as its owner would have configured it. */
export interface DemoModel {
  /** The name that requests use; may hold slashes and colons. */
  id: string;
  name?: string;
  description?: string;
  aliases?: string[];
  /** The context length in tokens that the owner declared; most owners declare none. */
  contextLength?: number;
  /** What the running model server says at `/props`; the declared length when left out. */
  runtimeContext?: number;
  /** What the running model server says at `/props` that it takes; what `capabilities` names when left out. */
  runtimeModalities?: { vision: boolean; audio: boolean };
  /** Names as the models list spells them: `vision`, `function_calling`, `reranker`, ... */
  capabilities?: string[];
  /** How long the model takes to start, in milliseconds. */
  loadMs: number;
  /** After how many seconds without a request it is unloaded; never when left out. */
  ttl?: number;
  /** Hidden from the models list, yet it can be called. */
  unlisted?: boolean;
  /** The peer that serves this model; such a model is never loaded here. */
  peer?: string;
  /** What `/running` reports as the command line. */
  cmd?: string;
  /** Makes every start fail with this message, after `loadMs`. */
  startError?: string;
  /** Sends progress as reasoning chunks while a streaming chat request waits for the start. */
  sendLoadingState?: boolean;
  /** How fast it writes; the host's pace when left out. */
  tokensPerSecond?: number;
}

/** A model found at the start of a path, the name it was found by, and the rest of the path. */
interface ModelInPath {
  model: DemoModel;
  name: string;
  rest: string;
}

/** The configured models of one host, found by id or alias. */
export interface ModelTable {
  list: DemoModel[];
  find(name: string): DemoModel | undefined;
  findInPath(path: string): ModelInPath | undefined;
}

/** Indexes models by id and alias. */
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

/** Adds segment after segment and keeps the last name that is configured: the longest wins. */
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
