import { toCauseFields } from '../exchange/cause-fields.ts';
import { toRequestLine } from '../exchange/request-line.ts';
import { LOG_LEVELS, type LogLevel } from '../registry/variables.ts';
import { toPlainJson } from '../to-plain.ts';
import type { Log } from './log.ts';

/** Makes a log of JSON lines on the platform's console, which makes fields of them. */
export function createConsoleLog(least: LogLevel): Log {
  const writes = (level: LogLevel) => LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(least);
  const isWhole = writes('debug');
  const write = (level: LogLevel, said: { message: string; fields?: object; cause?: unknown }) => {
    if (!writes(level)) return;
    const { message, fields, cause } = said;
    const time = new Date().toISOString();
    const all = { level, time, ...fields, ...toCauseFields(cause, isWhole), msg: message };
    console[level](toPlainJson(all));
  };
  return {
    error: (message, cause) => write('error', { message, cause }),
    warn: (message, cause) => write('warn', { message, cause }),
    info: (message) => write('info', { message }),
    request: (exchange, delivery) => {
      const { level, ...said } = toRequestLine(exchange, delivery);
      write(level, said);
    },
  };
}
