/** Whether the page is visible. A hidden page sends no requests, so that providers can sleep while no user is watching. */
export interface Attention {
  isPaid(): boolean;
  /** Calls the listener after every change. The returned function ends that. */
  watch(listener: () => void): () => void;
}

/** The attention of this page: the visibility of its tab. */
export const pageAttention: Attention = {
  isPaid: () => document.visibilityState === 'visible',
  watch(listener) {
    document.addEventListener('visibilitychange', listener);
    // A page that the browser restores from its back/forward cache fires no `visibilitychange`.
    addEventListener('pageshow', listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
      removeEventListener('pageshow', listener);
    };
  },
};
