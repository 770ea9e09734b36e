/** Where this browser remembers whom it asked last. */
const NAME = 'paddock-model';

/** The ID of the model that was asked last in this browser, or null. */
export function readLastModel(): string | null {
  return localStorage.getItem(NAME);
}

/** Remembers whom somebody asked. */
export function keepLastModel(id: string): void {
  localStorage.setItem(NAME, id);
}
