import type { ReactiveControllerHost } from 'lit';

/** What has an Escape of its own. */
const OTHERS = 'dialog, select';

/** Ends what is under way when Escape is pressed anywhere on the page, while an element stands on it. */
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
