// The types are checked by `npm run types`: a line that is said to be an error there must be one.

import type { LanguageModel } from 'ai';
import { expectTypeOf, it } from 'vitest';
import {
  PaddockApiError,
  type Catalog,
  type Context,
  type Diagnosis,
  type Favorite,
  type Model,
  type OpencodeConfig,
  type Paddock,
  type PaddockOptions,
  type Resolution,
  type Roles,
  type Unloaded,
} from '../../src/client/client.ts';

it('types every answer as its route does', () => {
  expectTypeOf<Paddock['models']>().returns.resolves.toEqualTypeOf<Catalog>();
  expectTypeOf<Catalog>().not.toBeAny();
  expectTypeOf<Catalog['defaultModel']>().toEqualTypeOf<{
    id: string;
    available: boolean;
  } | null>();
  expectTypeOf<Catalog['providers'][number]['models'][number]>().toEqualTypeOf<Model>();
  expectTypeOf<Model['id']>().toEqualTypeOf<string>();
  expectTypeOf<Model['state']>().toEqualTypeOf<
    'ready' | 'starting' | 'stopping' | 'stopped' | 'unknown'
  >();
  expectTypeOf<Paddock['resolve']>().returns.resolves.toEqualTypeOf<Resolution>();
  expectTypeOf<Resolution['via']>().toEqualTypeOf<'composite' | 'bare' | 'alias'>();
  expectTypeOf<Paddock['roles']>().returns.resolves.toEqualTypeOf<Roles>();
  expectTypeOf<keyof Roles>().toEqualTypeOf<'default' | 'task' | 'compaction' | 'arena'>();
  expectTypeOf<Paddock['context']>().returns.resolves.toEqualTypeOf<Context>();
  expectTypeOf<Context['contextWindow']>().toEqualTypeOf<number | null>();
  expectTypeOf<Paddock['unload']>().returns.resolves.toEqualTypeOf<Unloaded>();
  expectTypeOf<Paddock['unloadAll']>().returns.resolves.toEqualTypeOf<Unloaded>();
  expectTypeOf<Unloaded>().toEqualTypeOf<{ provider: string; model: string | null }>();
  expectTypeOf<Paddock['doctor']>().returns.resolves.toEqualTypeOf<Diagnosis>();
  expectTypeOf<Diagnosis['findings'][number]['level']>().toEqualTypeOf<
    'fault' | 'warning' | 'note'
  >();
  expectTypeOf<Paddock['opencodeConfig']>().returns.resolves.toEqualTypeOf<OpencodeConfig>();
  expectTypeOf<OpencodeConfig['model']>().toEqualTypeOf<string | undefined>();
});

it('types favorites, and the AI SDK’s model', () => {
  type Favorites = Paddock['favorites'];
  expectTypeOf<Favorites['list']>().returns.resolves.toEqualTypeOf<Favorite[]>();
  expectTypeOf<Favorites['add']>().returns.resolves.toEqualTypeOf<Favorite>();
  expectTypeOf<Favorites['reorder']>().returns.resolves.toEqualTypeOf<Favorite[]>();
  expectTypeOf<Favorites['remove']>().returns.resolves.toEqualTypeOf<void>();
  expectTypeOf<Favorite['available']>().toEqualTypeOf<boolean | null>();
  expectTypeOf<Paddock['languageModel']>().returns.not.toBeAny();
  expectTypeOf<Paddock['languageModel']>().returns.toExtend<LanguageModel>();
});

it('refuses what no route takes', () => {
  const wrong = (paddock: Paddock): unknown[] => [
    // @ts-expect-error there is no such role
    paddock.resolve({ role: 'jockey' }),
    // @ts-expect-error an ID is a text
    paddock.context(7),
    // @ts-expect-error it is a switch, and not the query's text
    paddock.models({ refresh: '1' }),
    // @ts-expect-error a set of IDs, and not one
    paddock.favorites.reorder('a/m'),
    // @ts-expect-error nothing answers that
    paddock.nothing,
  ];
  expectTypeOf(wrong).not.toBeAny();
  // @ts-expect-error an address is needed
  const options: PaddockOptions = {};
  expectTypeOf(options).not.toBeAny();
});

it('types errors by Paddock’s own codes', () => {
  const { code, status, param } = new PaddockApiError('It failed.', {
    status: 409,
    code: 'conflict',
    param: null,
  });
  expectTypeOf(status).toEqualTypeOf<number>();
  expectTypeOf(param).toEqualTypeOf<string | null>();
  expectTypeOf(code).not.toBeAny();
  expectTypeOf<'conflict'>().toExtend<typeof code>();
  expectTypeOf<'no_such_code'>().not.toExtend<typeof code>();
});
