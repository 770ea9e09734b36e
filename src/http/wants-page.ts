import type { Context } from 'hono';

const PAGE_FIELDS = ['limit', 'after_id', 'before_id'];
const LIST_PATH = /^(?:\/models|\/v1\/models(?:\/.*)?)$/su;

/** Whether a request asks for a page in Anthropic's format. */
export function wantsPage(c: Context): boolean {
  if (c.req.header('anthropic-version') !== undefined) return true;
  return PAGE_FIELDS.some((field) => c.req.query(field) !== undefined);
}

/** Whether a request for models expects answers of Anthropic's API, errors included. */
export function isAnthropicModelsRequest(c: Context): boolean {
  return LIST_PATH.test(c.req.path) && wantsPage(c);
}
