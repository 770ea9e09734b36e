/** The merged text and its changes, or the reason why the file cannot be merged. */
export type MergeOutcome =
  | {
      readonly ok: true;
      readonly text: string;
      readonly changes: readonly string[];
      /** Whether the merged text lacks a value that the file had. */
      readonly replaces?: boolean;
    }
  | { readonly ok: false; readonly message: string };

const LONGEST = 80;

/** Describes a change of a setting. It never shows the value of one that may be secret. */
export function toChange(change: { name: string; before: string | null; value: string }): string {
  const { name, before, value } = change;
  if (before === null) return `added ${name}`;
  if (/key|token(?!s)|secret|password|auth|credential/iu.test(name)) return `set ${name}`;
  const shorten = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
  return `set ${name} to ${shorten(value)} (was ${shorten(before)})`;
}
