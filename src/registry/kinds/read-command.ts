import { toTokens } from './wire-values.ts';

/** The longest command line that is read, in characters. No shell accepts a longer one. */
const LONGEST = 128 * 1024;

/** The smallest `-c` that counts as a window: `taskset -c 3` before the server's command names a processor. */
const SMALLEST_C = 256;

/** The units of vLLM's sizes. llama-server has no units. */
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 2 ** 10, m: 1e6, M: 2 ** 20 };

/** The sizes that a command line sets; null if it does not set one. */
interface Sizes {
  /** Tokens in the server's whole cache; 0 takes the size from the model's file. */
  context: number | null;
  /** The number of requests that share the cache. llama-server chooses a number for values below 1. */
  parallel: number | null;
  /** Whether one request may use the whole cache. */
  isUnified: boolean | null;
  /** The most tokens that one request may use. */
  perRequest: number | null;
  /** vLLM's limit for one request, in tokens. */
  maxModelLength: number | null;
}

type Read = (sizes: Sizes, value: string) => void;

const readContext: Read = (sizes, value) => (sizes.context = toInteger(value) ?? sizes.context);
const readParallel: Read = (sizes, value) => (sizes.parallel = toInteger(value) ?? sizes.parallel);
const readPerRequest: Read = (sizes, value) => (sizes.perRequest = toTokens(toInteger(value)));

/** Options with a value, from llama.cpp's `common/arg.cpp` and vLLM's engine arguments. */
const OPTIONS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['-c', (sizes, value) => isSmall(value) || readContext(sizes, value)],
  ['--ctx-size', readContext],
  ['-np', readParallel],
  ['--parallel', readParallel],
  ['--kv-unified-per-slot', readPerRequest],
  ['--max-model-len', (sizes, value) => (sizes.maxModelLength = readWithUnit(value))],
]);

/** Options without a value (`common/arg.cpp`), and the value of `isUnified` that they set. */
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['-kvu', true],
  ['--kv-unified', true],
  ['-no-kvu', false],
  ['--no-kv-unified', false],
]);

/** llama-server's variables (`common/arg.cpp`), as set by `env`, a shell or `docker run -e`. Options override them. */
const VARIABLES: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['LLAMA_ARG_CTX_SIZE', readContext],
  ['LLAMA_ARG_N_PARALLEL', readParallel],
  ['LLAMA_ARG_KV_UNIFIED', (sizes, value) => (sizes.isUnified = TRUE.test(value))],
  ['LLAMA_ARG_NO_KV_UNIFIED', (sizes) => (sizes.isUnified = false)],
  ['LLAMA_ARG_KV_UNIFIED_PER_SLOT', readPerRequest],
]);

const TRUE = /^(?:on|enabled|true|1)$/u;

/**
 * Reads the context window of one request from a model server's command line, in tokens; null if the command sets none.
 * The last of equal options wins, as in llama-server. The server may still allow less, because the command does not
 * state the context that the model was trained for.
 */
export function readCommand(command: string): number | null {
  if (command.length > LONGEST) return null;
  const options = toEmpty();
  const environment = toEmpty();
  const words = toWords(command);
  for (const [index, word] of words.entries()) {
    const { name, value } = split(word);
    const shared = FLAGS.get(name);
    if (shared !== undefined) options.isUnified = shared;
    OPTIONS.get(name)?.(options, value ?? words[index + 1] ?? '');
    if (value !== null) VARIABLES.get(name)?.(environment, value);
  }
  return toWindow({
    context: options.context ?? environment.context,
    parallel: options.parallel ?? environment.parallel,
    isUnified: options.isUnified ?? environment.isUnified,
    perRequest: options.perRequest ?? environment.perRequest,
    maxModelLength: options.maxModelLength,
  });
}

/**
 * Returns the window of one request. llama.cpp divides the cache among requests unless the cache is unified
 * (`src/llama-context.cpp`, which may then round up to a multiple of 256). Without `-np`, one request may use the whole
 * cache: newer releases unify it (`tools/server/server.cpp`), and older ones serve one request at a time.
 */
function toWindow({ context, parallel, isUnified, perRequest, maxModelLength }: Sizes) {
  const isDivided = parallel !== null && parallel > 1 && isUnified !== true;
  const share = context === null ? null : isDivided ? Math.floor(context / parallel) : context;
  const known = [toTokens(share), perRequest, maxModelLength].filter((size) => size !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function toEmpty(): Sizes {
  return {
    context: null,
    parallel: null,
    isUnified: null,
    perRequest: null,
    maxModelLength: null,
  };
}

/** Splits a command into words, also inside quotes: `sh -c 'llama-server -c 4096'`. */
function toWords(command: string): string[] {
  // A backslash (a caret on Windows) at the end of a line continues the line.
  return command
    .replaceAll(/[\\^]\r?\n/gu, ' ')
    .replaceAll(/["']/gu, ' ')
    .split(/\s+/u);
}

/** Splits `name=value`. */
function split(word: string): { name: string; value: string | null } {
  const end = word.indexOf('=');
  const name = end === -1 ? word : word.slice(0, end);
  const value = end === -1 ? null : word.slice(end + 1);
  // llama-server reads `--ctx_size` as `--ctx-size`, and Docker accepts `-eNAME=value`.
  if (name.startsWith('--')) return { name: name.replaceAll('_', '-'), value };
  return { name: name.startsWith('-eLLAMA') ? name.slice(2) : name, value };
}

function isSmall(value: string): boolean {
  const tokens = toInteger(value);
  return tokens !== null && tokens !== 0 && tokens < SMALLEST_C;
}

function toInteger(text: string): number | null {
  return /^-?\d{1,10}$/u.test(text) ? Number(text) : null;
}

function readWithUnit(text: string): number | null {
  const { digits, unit = '' } = /^(?<digits>\d{1,10})(?<unit>[kKmM]?)$/u.exec(text)?.groups ?? {};
  return digits === undefined ? null : toTokens(Number(digits) * (UNITS[unit] ?? 1));
}
