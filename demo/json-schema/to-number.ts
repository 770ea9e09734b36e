import type { Json } from '../json.ts';

/** Returns the number of a schema that is nearest to 1, or to the next ones further on in a list. */
export function toNumber(schema: Json, index: number): number {
  const above = toBound(schema['exclusiveMinimum'], -Infinity);
  const below = toBound(schema['exclusiveMaximum'], Infinity);
  const low = Math.max(toBound(schema['minimum'], -Infinity), above);
  const high = Math.min(toBound(schema['maximum'], Infinity), below);
  const near = Math.min(Math.max(1 + index, low + (low > 1 ? index : 0)), high);
  const step = toStep(schema);
  if (step === undefined) return toBetween(near, { low, above, high, below });
  const steps = Math.ceil(near / step);
  const multiples = [0, 1, -1, -2].map((more) => toMultiple(steps + more, step));
  // Some checks call 4.1 no multiple of 0.1.
  const whole = [0, 1, 2, -1].map((more) => Math.ceil(near) + more);
  const exact = [...whole, ...multiples].filter((value) => Number.isInteger(value / step));
  const fits = (value: number) => value >= low && value > above && value <= high && value < below;
  return [...exact, ...multiples].find(fits) ?? toMultiple(steps, step);
}

function toBound(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function toStep({ type, multipleOf }: Json): number | undefined {
  if (typeof multipleOf === 'number' && multipleOf > 0) return multipleOf;
  return [type].flat().includes('integer') ? 1 : undefined;
}

/** Avoids results such as 0.30000000000000004. */
function toMultiple(count: number, step: number): number {
  return Number((count * step).toPrecision(15));
}

interface Bounds {
  low: number;
  above: number;
  high: number;
  below: number;
}

function toBetween(near: number, { low, above, high, below }: Bounds): number {
  if (near > above && near < below) return near;
  if (Number.isFinite(low) && Number.isFinite(high)) return (low + high) / 2;
  return near <= above ? above + 1 : below - 1;
}
