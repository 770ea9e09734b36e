/** Whether the page is visible. A hidden page sends no requests, so that providers can sleep while no user is watching. */
export interface Visibility {
  isVisible(): boolean;
  /** Calls the listener after every change. The returned function ends that. */
  subscribe(listener: () => void): () => void;
}

/** The visibility of this page's tab. */
export const pageVisibility: Visibility = {
  isVisible: () => document.visibilityState === 'visible',
  subscribe(listener) {
    document.addEventListener('visibilitychange', listener);
    // A page that the browser restores from its back/forward cache fires no `visibilitychange`.
    addEventListener('pageshow', listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
      removeEventListener('pageshow', listener);
    };
  },
};
