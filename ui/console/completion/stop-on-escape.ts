import type { ReactiveControllerHost } from 'lit';

/** Elements that handle Escape themselves. */
const OTHERS = 'dialog, select';

/** Calls `stop` when the user presses Escape anywhere on the page, while the element is in the document. */
export function stopOnEscape(host: ReactiveControllerHost, stop: () => void): void {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
    const isTaken = event.composedPath().some((it) => it instanceof Element && it.matches(OTHERS));
    if (!isTaken) stop();
  };
  host.addController({
    hostConnected: () => addEventListener('keydown', press),
    hostDisconnected: () => removeEventListener('keydown', press),
  });
}
