import * as v from 'valibot';
import { modelIdSchema } from '../../resolve/id-schemas.ts';
import { declareAnswer, named, namedObject } from '../../schema.ts';
import { VERSION } from '../../version.ts';

/** The release of llama-swap that the routes follow, in three parts: Ollama's clients want 0.6.4 or later here. */
const SWAP_VERSION = '250.0.0';

/** `GET /api/version`, in the shape of llama-swap's, which contains Ollama's. */
export const versionAnswer = declareAnswer(
  namedObject('Version', { version: v.string(), commit: v.string(), build_date: v.string() }),
  { version: SWAP_VERSION, commit: `paddock-${VERSION}`, build_date: 'unknown' },
);

/** `POST /api/models/unload`. */
export const unloadedAllAnswer = declareAnswer(
  namedObject('UnloadedAll', { msg: v.literal('ok') }),
  { msg: 'ok' },
);

/** `POST /models/load` and `/models/unload`, as llama.cpp's router answers them. */
export const successAnswer = declareAnswer(namedObject('Success', { success: v.literal(true) }), {
  success: true,
});

/** The body of `POST /models/load` and `/models/unload`. Other fields are ignored, as llama.cpp's router does. */
export const routerModelSchema = named(
  'RouterModel',
  v.pipe(
    v.object({ model: modelIdSchema }, 'expected an object {"model": "provider/model"}'),
    v.metadata({ examples: [{ model: 'sam-desktop/qwen3.6-27b' }] }),
  ),
);
