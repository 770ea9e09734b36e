import { PaddockError } from '../errors.ts';
import type { GenerateRequest } from './requests.ts';

const MESSAGE =
  'The template has more than fields and "if": send "raw": true and the whole prompt, or leave the template out.';

/** Fills in a template up to the place of the answer. Throws `invalid_request` for actions other than fields and `if`. */
export function fillTemplate(
  template: string,
  request: Pick<GenerateRequest, 'system' | 'prompt' | 'suffix'>,
): string {
  const fields = new Map([
    ['.System', request.system ?? ''],
    ['.Prompt', request.prompt ?? ''],
    ['.Suffix', request.suffix ?? ''],
    ['.Response', ''],
  ]);
  /** For each open `if`, whether its text is shown. */
  const shown: boolean[] = [];
  let filled = '';
  for (const { text, action } of toParts(template)) {
    if (!shown.includes(false)) filled += text;
    const [, condition] = /^if\s+(\S+)$/u.exec(action ?? '') ?? [];
    const value = fields.get(action ?? '');
    const tested = fields.get(condition ?? '');
    if (action === null || (action === '.Response' && !shown.includes(false))) break;
    if (value !== undefined) filled += shown.includes(false) ? '' : value;
    else if (tested !== undefined) shown.push(tested !== '');
    else if (action === 'end' && shown.length > 0) shown.pop();
    else if (action === 'else' && shown.length > 0) shown.push(shown.pop() === false);
    else throw new PaddockError('invalid_request', MESSAGE, { param: 'template' });
  }
  return filled;
}

/** Splits a template into texts, each with the action after it; null after the last. `{{-` and `-}}` trim white space. */
function* toParts(template: string): Generator<{ text: string; action: string | null }> {
  const [first = '', ...parts] = template.split('{{');
  let trims = false;
  let text = first;
  for (const part of parts) {
    const end = part.indexOf('}}');
    const action = end === -1 ? '{{' : part.slice(0, end);
    const cut = trims ? text.trimStart() : text;
    yield {
      text: action.startsWith('-') ? cut.trimEnd() : cut,
      action: action.replace(/^-/u, '').replace(/-$/u, '').trim(),
    };
    trims = action.endsWith('-');
    text = part.slice(end + 2);
  }
  yield { text: trims ? text.trimStart() : text, action: null };
}
