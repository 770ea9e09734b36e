import type { Diagnosis } from '../../src/client/client.ts';

export type { Diagnosis, Favorite, ProviderReport, Roles } from '../../src/client/client.ts';

/** One finding of the doctor. */
export type Finding = Diagnosis['findings'][number];
