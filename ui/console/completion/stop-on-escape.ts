import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What has an Escape of its own. */
const OTHERS = 'dialog, select';

/** Ends what is under way when Escape is pressed anywhere on the page, while an element stands on it. */
export class StopOnEscape implements ReactiveController {
  readonly #stop: () => void;

  constructor(host: ReactiveControllerHost, stop: () => void) {
    this.#stop = stop;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('keydown', this.#press);
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.#press);
  }

  readonly #press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
    const isTaken = event.composedPath().some((it) => it instanceof Element && it.matches(OTHERS));
    if (!isTaken) this.#stop();
  };
}
