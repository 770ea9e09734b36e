import type { LogReader } from '../provider-kind.ts';
import { toModelSegment } from './model-segment.ts';

/** Every known release serves `/logs` and `/logs/stream`. The log of one model is only there as a stream. */
export const llamaSwapLogs: LogReader = {
  toRequest({ model, follow }) {
    if (model !== null) return { path: `/logs/stream/${toModelSegment(model)}`, isEndless: true };
    return follow ? { path: '/logs/stream', isEndless: true } : { path: '/logs', isEndless: false };
  },
  explainRefusal({ status, text }) {
    // The first releases have no route for a part of the log. The next ones have it for `proxy` and `upstream` only, and
    // name what the route takes.
    if (status === 404) return 'too old';
    if (status !== 400 || !text.includes('invalid logger')) return null;
    return text.includes('model') ? 'unknown model' : 'too old';
  },
};
