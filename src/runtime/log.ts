import pino from 'pino';
import { toCauseFields } from '../exchange/cause-fields.ts';
import { toRequestLevel, toRequestLine } from '../exchange/request-line.ts';
import type { Log } from '../http/log.ts';
import type { LogLevel } from '../registry/variables.ts';
import { escapeUnseen } from '../to-plain.ts';
import { createEndedRequests } from './ended-requests.ts';
import { LogOutput } from './log-output.ts';

/** The standard error stream, where the log goes. */
const FD = 2;

/**
 * Makes the log of a process: a line of JSON each on the standard error stream, or one for people where that is a
 * terminal. What it has taken is written before the process ends.
 */
export async function createLog(level: LogLevel): Promise<Log> {
  // To look at it makes it a stream that nothing waits for.
  const isTerminal = process.stderr.isTTY;
  const output = new LogOutput(FD, (count) =>
    log.warn(`${count} lines of this log are missing here, for they could not be written in time`),
  );
  const format = isTerminal
    ? (await import('./pretty-line.ts')).createPrettyLine(process.env)
    : escapeUnseen;
  const time = createTimestamp();
  const logger = pino(
    {
      level,
      base: null,
      timestamp: time.say,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => output.write(format(line)) },
  );
  const isWhole = logger.isLevelEnabled('debug');
  const ended = createEndedRequests({
    write: ({ exchange, delivery, at }) => {
      const line = toRequestLine(exchange, delivery);
      const { message, cause } = line;
      time.setTo(at);
      if (cause === undefined) logger[line.level](line.fields, message);
      else logger[line.level]({ ...line.fields, ...toCauseFields(cause, isWhole) }, message);
      time.setTo(null);
    },
    flush: () => output.flush(),
  });
  process.on('exit', () => {
    ended.flush();
    output.end();
  });
  const say = (at: 'error' | 'warn' | 'info', said: { message: string; cause?: unknown }) => {
    // What ended before comes first.
    ended.flush();
    logger[at](toCauseFields(said.cause, isWhole), said.message);
    output.flush();
  };
  const log: Log = {
    error: (message, cause) => say('error', { message, cause }),
    warn: (message, cause) => say('warn', { message, cause }),
    info: (message) => say('info', { message }),
    request: (exchange, delivery) => {
      const at = toRequestLevel(exchange, delivery);
      if (!logger.isLevelEnabled(at)) return;
      ended.push({ exchange, delivery, at: Date.now() });
      // What is wrong is said at once, and all of it to who looks on.
      if (at !== 'info' || isTerminal) ended.flush();
    },
  };
  return log;
}

/** Makes what says the time in pino's way, now or as it is set to. Each second is put into words once, for that is dear. */
function createTimestamp(): { say(): string; setTo(at: number | null): void } {
  let fixed: number | null = null;
  let second = -1;
  let words = '';
  return {
    say() {
      const now = fixed ?? Date.now();
      const at = Math.floor(now / 1000);
      if (at !== second) {
        second = at;
        words = `,"time":"${new Date(at * 1000).toISOString().slice(0, -'000Z'.length)}`;
      }
      return `${words}${String(now % 1000).padStart(3, '0')}Z"`;
    },
    setTo(at) {
      fixed = at;
    },
  };
}
