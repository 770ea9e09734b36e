import type { ReactiveControllerHost } from 'lit';

/** An object that reports its changes. */
interface Observable {
  /** Calls the listener after every change. The returned function ends that. */
  subscribe(listener: () => void): () => void;
}

/** Requests an update of an element after every change of an object, while the element is in the document. */
export function updateOnChange(host: ReactiveControllerHost, source: Observable): void {
  let unsubscribe = () => {};
  host.addController({
    hostConnected() {
      unsubscribe = source.subscribe(() => host.requestUpdate());
    },
    hostDisconnected: () => unsubscribe(),
  });
}
