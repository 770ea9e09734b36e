import { toTokens } from './tokens.ts';

/** Longer command lines are not searched: no shell would take them. */
const LONGEST = 128 * 1024;

/**
 * The options of llama-server and vLLM that set a context window, with their values. A value may stand in quotes, and an
 * option at the end or beginning of a quoted command.
 */
const OPTION =
  /(?<=^|[\s"'])(?<name>-c|--ctx-size|--max-model-len)(?:=|\s+)["']?(?<digits>\d{1,10})(?<unit>[kKmM]?)(?=["'\s]|$)/gu;

/** `-c` names a processor to `taskset`, in front of a server that may have no such option: no window is that small. */
const SMALLEST_C = 256;

/** What the units of vLLM's sizes mean; llama-server has none. */
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 2 ** 10, m: 1e6, M: 2 ** 20 };

/** The context window that a model server's command line sets, in tokens, or null. The last one counts, as it does there. */
export function readCommand(command: string): number | null {
  if (command.length > LONGEST) return null;
  let found: number | null = null;
  for (const { groups: { name, digits, unit = '' } = {} } of command.matchAll(OPTION)) {
    if (unit !== '' && name !== '--max-model-len') continue;
    const tokens = toTokens(Number(digits) * (UNITS[unit] ?? 1));
    if (name === '-c' && tokens !== null && tokens < SMALLEST_C) continue;
    // `-c 0` leaves the size to the model's own file.
    found = tokens;
  }
  return found;
}
