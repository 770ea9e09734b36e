/**
 * A text in the browser's storage: `localStorage` for all pages of this origin, `sessionStorage` for this tab only.
 * If the browser forbids storage, nothing is stored and `read` returns null.
 */
export class KeptText {
  readonly #place: 'localStorage' | 'sessionStorage';
  readonly #name: string;

  constructor(place: 'localStorage' | 'sessionStorage', name: string) {
    this.#place = place;
    this.#name = name;
  }

  read(): string | null {
    return this.#use((storage) => storage.getItem(this.#name));
  }

  keep(text: string): void {
    this.#use((storage) => storage.setItem(this.#name, text));
  }

  forget(): void {
    this.#use((storage) => storage.removeItem(this.#name));
  }

  #use<Answer>(use: (storage: Storage) => Answer): Answer | null {
    try {
      return use(globalThis[this.#place]);
    } catch {
      return null;
    }
  }
}
