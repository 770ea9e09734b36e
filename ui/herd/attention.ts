/** Whether somebody may be looking: a page that nobody sees asks for nothing, so that an unwatched herd is left asleep. */
export interface Attention {
  isPaid(): boolean;
  /** Calls back whenever that changes, until the answer is called. */
  watch(listener: () => void): () => void;
}

/** That of this page: it is seen while its tab is. */
export const pageAttention: Attention = {
  isPaid: () => document.visibilityState === 'visible',
  watch(listener) {
    document.addEventListener('visibilitychange', listener);
    // A page that comes back from the browser's memory of pages has no change of its own to tell.
    addEventListener('pageshow', listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
      removeEventListener('pageshow', listener);
    };
  },
};
