import { KeptText } from '../kept-text.ts';

/** The ID of the model that was last used in this browser. */
export const lastModel = new KeptText('localStorage', 'paddock-model');
