import { KeptText } from '../kept-text.ts';

/** The ID of the model that was asked last in this browser. */
export const lastModel = new KeptText('localStorage', 'paddock-model');
