import { StoredText } from '../stored-text.ts';

/** The ID of the model that was last used in this browser. */
export const lastModel = new StoredText('localStorage', 'paddock-model');
