import type { Fault } from '../registry/fault.ts';

/** The error for settings with faults. Its message lists every fault on a line of its own. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(
      ['The settings have faults:', ...faults.map((fault) => `  ${toFaultLine(fault)}`)].join('\n'),
    );
    this.faults = faults;
  }
}

/** Returns a fault as one line. */
export function toFaultLine({ variable, entry, message }: Fault): string {
  return `${variable}${entry === undefined ? '' : `, ${entry}`}: ${message}`;
}
