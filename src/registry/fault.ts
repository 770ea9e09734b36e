/** One thing that is wrong with the settings. It never holds a token. */
export interface Fault {
  /** The environment variable. */
  readonly variable: string;
  /** Which of its entries, where it has several: `entry 2 "lab"`. */
  readonly entry?: string;
  /** What was expected, and what came where that can be shown. */
  readonly message: string;
}
