/** A figure, what it should be, and whether it was. */
export interface Goal {
  readonly title: string;
  readonly figure: number;
  /** The goal in words. */
  readonly wanted: string;
  readonly held: boolean;
}

/** Holds a figure against a bound. */
export function toGoal(
  title: string,
  bound: { figure: number; atLeast: number } | { figure: number; atMost: number },
): Goal {
  const { figure } = bound;
  return 'atLeast' in bound
    ? { title, figure, wanted: `>= ${bound.atLeast}`, held: figure >= bound.atLeast }
    : { title, figure, wanted: `<= ${bound.atMost}`, held: figure <= bound.atMost };
}
