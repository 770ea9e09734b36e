/** Where this tab keeps the gateway's key; the reference page reads it too. */
const NAME = 'paddock-key';

/** The key that was given in this tab, or null. */
export function readKey(): string | null {
  return sessionStorage.getItem(NAME);
}

/** Keeps a key until the tab is closed. */
export function keepKey(key: string): void {
  sessionStorage.setItem(NAME, key);
}
