import type { Provider } from '../registry/provider.ts';
import type { Fetch } from '../fetch.ts';
import { ask } from './ask.ts';
import { toCredentials } from './credentials.ts';
import { HostError } from './host-error.ts';
import { toModelSegment } from './model-segment.ts';
import { JsonReader } from './json-reader.ts';
import { readText } from './read-text.ts';
import { TooOldError } from './too-old-error.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A record of `/v1/models`, as the host wrote it. */
export type ModelRecord = Fields & { readonly id: string };

/** The answer of `/running`, as the host wrote it. It may hold secrets: `cmd` is a whole command line. */
export type Running = Fields & { readonly running: readonly Fields[] };

/** The answer of `/api/version`. */
export type Version = Fields & {
  readonly version: string;
  readonly commit?: string;
  readonly build_date?: string;
};

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Longer answers, in characters, may take long to parse whole: no more entries of their lists are read than these. */
const SMALL = 64 * 1024;
const MOST_ENTRIES = 10_000;
const MAX_ERROR_BYTES = 64 * 1024;
/** How deep an answer that is passed on may nest; llama-swap's own nest three deep. */
const MAX_DEPTH = 64;

const UNLOAD = '/api/models/unload';

/** One call: what is sent, and what is to come back. */
interface Call<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly signal: AbortSignal;
  /** What is expected, in words. */
  readonly expected: string;
  readonly is: (value: unknown) => value is T;
}

/** What came back, and of it as much as was to be read. */
interface Received {
  readonly ok: boolean;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
  readonly isWhole: boolean;
}

/**
 * llama-swap's own management API, at one host of that kind. Each method ends when its signal says so, and throws
 * `HostError` for an answer that is not what was asked for, the signal's reason once it is aborted, and whatever kept an
 * answer from coming as it is.
 */
export class LlamaSwapApi {
  readonly #provider: Provider;
  readonly #fetch: Fetch;

  constructor({ provider, fetch }: { provider: Provider; fetch: Fetch }) {
    this.#provider = provider;
    this.#fetch = fetch;
  }

  /** The models that the host lists. */
  async listModels(signal: AbortSignal): Promise<readonly ModelRecord[]> {
    const expected = 'a list of models';
    const path = '/v1/models';
    return (await this.#call({ method: 'GET', path, signal, expected, is: isModelList })).data;
  }

  /** What the host has loaded. Releases from v107 to v201 leave out what is not ready. */
  running(signal: AbortSignal): Promise<Running> {
    const expected = 'a list of what runs';
    return this.#call({ method: 'GET', path: '/running', signal, expected, is: isRunning });
  }

  /** Which release the host runs; null where it is older than v173, which brought this route. */
  async version(signal: AbortSignal): Promise<Version | null> {
    const expected = 'a version';
    const path = '/api/version';
    try {
      return await this.#call({ method: 'GET', path, signal, expected, is: isVersion });
    } catch (error) {
      if (isMissingRoute(error)) return null;
      throw error;
    }
  }

  /**
   * Stops a model, by its ID or an alias, or all of them for null; kills their work in flight, and waits for their end.
   * @throws {PaddockError} `invalid_model_id` where no path can name the model
   * @throws {TooOldError} where the release cannot stop the one model and no other
   */
  async unload(model: string | null, signal: AbortSignal): Promise<void> {
    const path = model === null ? UNLOAD : `${UNLOAD}/${toModelSegment(model)}`;
    try {
      await this.#stop({ method: 'POST', path, signal });
    } catch (error) {
      const isOld = model === null ? isAbsent(error) : isMissingRoute(error);
      if (!isOld) throw error;
      if (model === null || (await this.#runsAlone(model, signal))) {
        await this.#stop({ method: 'GET', path: '/unload', signal });
      }
    }
  }

  /**
   * Whether a model is all that the old `GET /unload` would stop; false where it does not run. Another that is loaded
   * after this was asked is stopped nevertheless: those releases have nothing better. From v113 on they do not stop what
   * is still starting, and list no such model; from v107 to v112 they do once its first request is answered.
   * @throws {TooOldError} where it is not, or nobody can tell
   */
  async #runsAlone(model: string, signal: AbortSignal): Promise<boolean> {
    const loaded = await this.#listLoaded(signal);
    if (loaded.length === 0) return false;
    if (loaded.includes(model)) {
      if (loaded.length === 1) return true;
    } else {
      // Listed, it has a name of its own; otherwise it may be an alias of what runs: before v173 none is listed.
      const records = await this.listModels(signal);
      if (records.some(({ id }) => id === model)) return false;
    }
    throw this.#tooOld();
  }

  async #listLoaded(signal: AbortSignal): Promise<readonly unknown[]> {
    try {
      const { running } = await this.running(signal);
      // From v94 to v106 models stand there that have stopped.
      return running.filter(({ state }) => state !== 'stopped').map(({ model }) => model);
    } catch (error) {
      // Before v94 nothing says what is loaded, and a profile could load several at once.
      throw isMissingRoute(error) ? this.#tooOld() : error;
    }
  }

  #tooOld(): TooOldError {
    return new TooOldError(
      `The llama-swap of ${this.#provider.name} is too old to stop one model and no other: update it to v161 or later, or unload all its models.`,
    );
  }

  async #stop(call: Pick<Call<unknown>, 'method' | 'path' | 'signal'>): Promise<void> {
    await this.#call({ ...call, expected: '"OK"', is: isUnloaded });
  }

  async #call<T>(call: Call<T>): Promise<T> {
    const received = await this.#send(call);
    const value = parse(received.body);
    if (received.ok && received.isWhole && call.is(value)) return value;
    const { method, path, expected } = call;
    const fault = `expected ${expected} but received ${describe(received)}`;
    const secrets = toSecrets(this.#provider);
    throw new HostError({ ...received, ...(received.ok && { fault }), method, path, secrets });
  }

  async #send({ method, path, signal }: Call<unknown>): Promise<Received> {
    const url = this.#provider.baseUrl + path;
    const headers = toCredentials(this.#provider);
    try {
      const response = await ask({ fetch: this.#fetch, method, url, headers, signal });
      const { ok, status } = response;
      const maxBytes = ok ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES;
      const read = await readText(response, { maxBytes, signal });
      const retryAfter = response.headers.get('retry-after');
      return { ok, status, retryAfter, body: read.text, isWhole: read.isWhole };
    } catch (error) {
      // Runtimes differ in what they throw for it.
      throw signal.aborted ? signal.reason : error;
    }
  }
}

/** The JSON of a body, or its text where it is none; of a large one as many entries of each list as are of use. */
function parse(body: string): unknown {
  if (body.length > SMALL) {
    const reader = new JsonReader({ list: 'data', mostEntries: MOST_ENTRIES, depth: 0 });
    const steps = reader.push(body);
    while (steps.next().done !== true);
    return reader.end() ?? body;
  }
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function describe({ body, isWhole }: Received): string {
  if (!isWhole) return `more than ${MAX_ANSWER_BYTES} bytes`;
  if (body.trim() === '') return 'nothing';
  if (/^\s*</u.test(body)) return 'HTML';
  return parse(body) === body ? 'text that is not JSON' : 'other JSON';
}

/** What a message never shows. A host's bare name is left alone, for it may be a word such as `llama`. */
function toSecrets({ token, baseUrl }: Provider): string[] {
  const { hostname, host } = new URL(baseUrl);
  const address = [hostname, host].find((text) => /[.:]/u.test(text));
  return [token, address].filter((secret) => typeof secret === 'string');
}

function isAbsent(error: unknown): error is HostError {
  return error instanceof HostError && (error.status === 404 || error.status === 405);
}

/**
 * Whether it is the router that refused, which knows no such route, and not the route, which knows no such model. Until
 * v125 and since v224 the router says so; in between it says nothing at all.
 */
function isMissingRoute(error: unknown): boolean {
  if (!isAbsent(error)) return false;
  return error.status === 405 || ['', '404 page not found'].includes(error.body.trim());
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isModelList(value: unknown): value is { readonly data: readonly ModelRecord[] } {
  if (!isFields(value) || !Array.isArray(value.data)) return false;
  return value.data.every((record) => isFields(record) && typeof record.id === 'string');
}

function isRunning(value: unknown): value is Running {
  const isList = isFields(value) && Array.isArray(value.running) && value.running.every(isFields);
  return isList && isShallow(value, MAX_DEPTH);
}

/** Whether a value nests no deeper: some thousand deep it can be read, and no longer be written. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

function isVersion(value: unknown): value is Version {
  const isText = (field: unknown) => typeof field === 'string';
  if (!isFields(value) || !isText(value.version)) return false;
  return [value.commit, value.build_date].every((field) => field === undefined || isText(field));
}

/** `OK`, or `{"msg":"ok"}`; not the `{"error":...}` with which some other servers answer what they do not know. */
function isUnloaded(value: unknown): value is unknown {
  return isFields(value) ? !('error' in value) : value === 'OK';
}
