import type { Catalog } from '../../src/client/client.ts';

export type { Catalog, Model } from '../../src/client/client.ts';

/** A provider of the catalog, with its models. */
export type Provider = Catalog['providers'][number];
