import type { Diagnosis } from '../../src/client/client.ts';

export type { Diagnosis, Favorite, ProviderReport, Roles } from '../../src/client/client.ts';

/** One thing that the doctor has to say. */
export type Finding = Diagnosis['findings'][number];
