/** One thing that is wrong with the settings. It never holds a token. */
export interface Fault {
  /** The environment variable. */
  readonly variable: string;
  /** Which of its entries, where it has several: `entry 2 "lab"`. */
  readonly entry?: string;
  /** What was expected, and what came where that can be shown. */
  readonly message: string;
}

/** The settings cannot be used; its message lists every fault, a line each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(['The settings have faults:', ...faults.map((fault) => `  ${toLine(fault)}`)].join('\n'));
    this.faults = faults;
  }
}

function toLine({ variable, entry, message }: Fault): string {
  return `${variable}${entry === undefined ? '' : `, ${entry}`}: ${message}`;
}
