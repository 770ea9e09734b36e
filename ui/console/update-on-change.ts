import type { ReactiveControllerHost } from 'lit';

/** Something that tells of its changes. */
interface Changing {
  /** Calls back after every change, until the answer is called. */
  subscribe(listener: () => void): () => void;
}

/** Renders an element anew after every change of what it shows, while it stands on the page. */
export function updateOnChange(host: ReactiveControllerHost, shown: Changing): void {
  let leave = () => {};
  host.addController({
    hostConnected() {
      leave = shown.subscribe(() => host.requestUpdate());
    },
    hostDisconnected: () => leave(),
  });
}
