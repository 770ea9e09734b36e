import * as v from 'valibot';
import { named, type Infer } from '../schema.ts';

/** The capabilities of a provider kind, in addition to listing models and answering inference requests. */
export const capabilitiesSchema = named(
  'ProviderCapabilities',
  v.object({
    running: v.pipe(v.boolean(), v.description('Whether it reports which models are loaded')),
    unload: v.pipe(v.boolean(), v.description('Whether it unloads models on request')),
    upstream: v.pipe(
      v.boolean(),
      v.description('Whether `/upstream/{provider}/{model}/` leads to the servers of its models'),
    ),
  }),
);

/** Everything that differs between kinds of providers. Other code reads these fields and never compares names. */
export interface ProviderKind<Name extends string = string> {
  readonly name: Name;
  /**
   * The default port of `NAME://` (http) in a DSN; `NAMEs://` means https, port 443. Null for a kind that `PROVIDERS` does not
   * accept: a cloud API with settings of its own, which never answers bare IDs.
   */
  readonly httpPort: number | null;
  readonly can: Infer<typeof capabilitiesSchema>;
  /** Whether its chat completions accept `max_tokens`, not the newer `max_completion_tokens`. */
  readonly maxTokens: boolean;
  /** The path before `/v1/messages`. */
  readonly anthropicBase: '' | `/${string}`;
  /** The names of the settings for its address, its key and its probe timeout, for error messages. */
  readonly settings: { readonly address: string; readonly key: string; readonly timeout: string };
  /** The context windows that its vendor publishes, in tokens, by exact model name. */
  readonly contextWindows: Readonly<Record<string, number>>;
  /**
   * Returns a message about the features that a release lacks, or null if it lacks none. Null for a kind without releases
   * of its own: the doctor then does not check which software answers.
   * @param release null for software too old to report its release
   */
  readonly readRelease: ((name: string, release: string | null) => string | null) | null;
}

/** The setting names of a kind whose providers are entries of `PROVIDERS`. */
export const IN_PROVIDERS: ProviderKind['settings'] = {
  address: 'PROVIDERS',
  key: 'PROVIDERS',
  timeout: 'PROVIDERS',
};
