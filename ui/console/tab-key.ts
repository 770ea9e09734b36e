import { StoredText } from './stored-text.ts';

/** The gateway's key that the user entered in this tab; the API reference page reads it too. */
export const tabKey = new StoredText('sessionStorage', 'paddock-key');
