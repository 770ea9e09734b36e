/**
 * A text in the browser's storage: `localStorage` for all pages of this origin, `sessionStorage` for this tab only.
 * If the browser forbids storage, nothing is stored and `read` returns null.
 */
export class StoredText {
  readonly #storage: 'localStorage' | 'sessionStorage';
  readonly #name: string;

  constructor(storage: 'localStorage' | 'sessionStorage', name: string) {
    this.#storage = storage;
    this.#name = name;
  }

  read(): string | null {
    return this.#use((storage) => storage.getItem(this.#name));
  }

  write(text: string): void {
    this.#use((storage) => storage.setItem(this.#name, text));
  }

  clear(): void {
    this.#use((storage) => storage.removeItem(this.#name));
  }

  #use<Answer>(use: (storage: Storage) => Answer): Answer | null {
    try {
      return use(globalThis[this.#storage]);
    } catch {
      return null;
    }
  }
}
