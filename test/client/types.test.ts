// `npm run types` checks these types, and that each @ts-expect-error line is an error.

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

it('infers the type of every answer from its route', () => {
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

it('types favorites and the model of the AI SDK', () => {
  type Favorites = Paddock['favorites'];
  expectTypeOf<Favorites['list']>().returns.resolves.toEqualTypeOf<Favorite[]>();
  expectTypeOf<Favorites['add']>().returns.resolves.toEqualTypeOf<Favorite>();
  expectTypeOf<Favorites['reorder']>().returns.resolves.toEqualTypeOf<Favorite[]>();
  expectTypeOf<Favorites['remove']>().returns.resolves.toEqualTypeOf<void>();
  expectTypeOf<Favorite['available']>().toEqualTypeOf<boolean | null>();
  expectTypeOf<Paddock['languageModel']>().returns.not.toBeAny();
  expectTypeOf<Paddock['languageModel']>().returns.toExtend<LanguageModel>();
});

it('refuses arguments that no route accepts', () => {
  const wrong = (paddock: Paddock): unknown[] => [
    // @ts-expect-error unknown role
    paddock.resolve({ role: 'jockey' }),
    // @ts-expect-error an ID is a string
    paddock.context(7),
    // @ts-expect-error refresh is a boolean
    paddock.models({ refresh: '1' }),
    // @ts-expect-error an array of IDs is required
    paddock.favorites.reorder('a/m'),
    // @ts-expect-error unknown method
    paddock.nothing,
  ];
  expectTypeOf(wrong).not.toBeAny();
  // @ts-expect-error url is required
  const options: PaddockOptions = {};
  expectTypeOf(options).not.toBeAny();
});

it('types errors with Paddock’s codes', () => {
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
