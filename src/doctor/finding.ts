/** How bad a finding is: something does not work; something works less well than it could; or it is good to know. */
export type Level = 'fault' | 'warning' | 'note';

/** One thing that the doctor has to say. */
export interface Finding {
  readonly level: Level;
  /** What it is about: a provider's name, a variable, `database`, `favorites` or `models`. */
  readonly subject: string;
  readonly code: string;
  /** What is wrong and what mends it. */
  readonly message: string;
}
