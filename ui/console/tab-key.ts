import { KeptText } from './kept-text.ts';

/** The gateway's key that was given in this tab; the reference page reads it too. */
export const tabKey = new KeptText('sessionStorage', 'paddock-key');
