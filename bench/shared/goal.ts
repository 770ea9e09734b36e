import { toTable } from './table.ts';

/** A figure and the bound that it should keep. */
export interface Goal {
  readonly title: string;
  readonly figure: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Formats goals as a table that says which were met. A goal without a figure is left out. */
export function describeGoals(goals: readonly Goal[]): string {
  const rows = goals
    .filter(({ figure }) => !Number.isNaN(figure))
    .map(({ title, figure, atLeast = -Infinity, atMost = Infinity }) => [
      title,
      figure.toFixed(2),
      atMost === Infinity ? `>= ${atLeast}` : `<= ${atMost}`,
      figure >= atLeast && figure <= atMost ? 'met' : 'missed',
    ]);
  return toTable(['goal', 'figure', 'wanted', ''], rows);
}
