/** Where this tab keeps the gateway's key; the reference page reads it too. */
const NAME = 'paddock-key';

/** The key that was given in this tab, or null. */
export function readKey(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    // A browser may forbid pages to keep anything.
    return null;
  }
}

/** Keeps a key until the tab is closed; where the browser keeps nothing, until the page is left. */
export function keepKey(key: string): void {
  try {
    sessionStorage.setItem(NAME, key);
  } catch {}
}

/** Forgets the key of this tab. */
export function forgetKey(): void {
  try {
    sessionStorage.removeItem(NAME);
  } catch {}
}
