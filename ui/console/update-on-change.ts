import type { ReactiveControllerHost } from 'lit';

/** An object that reports its changes. */
interface Changing {
  /** Calls the listener after every change. The returned function ends that. */
  subscribe(listener: () => void): () => void;
}

/** Requests an update of an element after every change of an object, while the element is in the document. */
export function updateOnChange(host: ReactiveControllerHost, shown: Changing): void {
  let leave = () => {};
  host.addController({
    hostConnected() {
      leave = shown.subscribe(() => host.requestUpdate());
    },
    hostDisconnected: () => leave(),
  });
}
