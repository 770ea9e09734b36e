/** One fault of the settings. It never contains a token. */
export interface Fault {
  readonly variable: string;
  /** The entry of the variable, if it has several: `entry 2 "lab"`. */
  readonly entry?: string;
  /** The expected value, and the received value where it may be shown. */
  readonly message: string;
}
