import { toTexts } from './json.ts';
import { countTokens } from './reply.ts';
import type { ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';
import { toWords } from './vector.ts';

/** `/v1/rerank` and its other names: documents that share most words with the query come first. TEI sends `texts`. */
export const answerRerank: ServerRoute = async ({ body, model, work }) => {
  const { query, documents, texts, top_n: most, model: name } = body.json;
  const list = documents ?? texts;
  if (typeof query !== 'string') return toServerError(400, '"query" must be provided');
  if (!Array.isArray(list) || list.length === 0) {
    return toServerError(400, '"documents" must be a non-empty string array');
  }
  await work(list.length);
  const wanted = new Set(toWords(query));
  const ranks = list
    .map((document, index) => {
      const text = typeof document === 'string' ? document : toTexts([document]).join(' ');
      const words = new Set(toWords(text));
      const shared = [...wanted].filter((word) => words.has(word)).length;
      return { index, score: shared / Math.sqrt(wanted.size * words.size) };
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, typeof most === 'number' ? most : list.length);
  if (documents === undefined) return Response.json(ranks);
  const tokens = countTokens([query, ...list].join('\n'));
  return Response.json({
    model: name ?? model.id,
    object: 'list',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    results: ranks.map(({ index, score }) => ({ index, relevance_score: score })),
  });
};
