import type { Diagnosis } from '../../src/client/client.ts';

export type { Diagnosis, Favorite, Roles } from '../../src/client/client.ts';

/** One thing that the doctor has to say. */
export type Finding = Diagnosis['findings'][number];

/** One entry of a host's list of what it has loaded: hosts of any release name the model, and most its state. */
export interface Running {
  readonly model: string;
  readonly state?: string;
}
