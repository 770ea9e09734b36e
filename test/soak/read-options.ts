import { parseArgs } from 'node:util';
import { LEAST_CLIENTS } from './draw-request.ts';
import type { Plan } from './run-soak.ts';

/** What the command line says. */
export type Options = Pick<Plan, 'platform' | 'seconds' | 'clients' | 'seed'> & {
  /** The file that gets the figures, or null. */
  readonly json: string | null;
};

const NUMBERS = {
  seconds: { from: 1, to: 3600, unset: 600 },
  clients: { from: LEAST_CLIENTS, to: 512, unset: 64 },
  seed: { from: 0, to: 2 ** 31, unset: 1 },
} as const;

/** Reads the command line; says what is wrong with it where something is. */
export function readOptions(args: readonly string[]): Options | { readonly fault: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        bun: { type: 'boolean', default: false },
        json: { type: 'string' },
        seconds: { type: 'string' },
        clients: { type: 'string' },
        seed: { type: 'string' },
      },
    });
    return {
      platform: values.bun ? 'bun' : 'node',
      json: values.json ?? null,
      seconds: parseNumber('seconds', values.seconds),
      clients: parseNumber('clients', values.clients),
      seed: parseNumber('seed', values.seed),
    };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function parseNumber(name: keyof typeof NUMBERS, text: string | undefined): number {
  const { from, to, unset } = NUMBERS[name];
  if (text === undefined) return unset;
  const number = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw new RangeError(`Expected --${name} from ${from} to ${to} but received "${text}"`);
}
