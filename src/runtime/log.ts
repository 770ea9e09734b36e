import pino from 'pino';
import { toCauseFields } from '../exchange/cause-fields.ts';
import type { Log } from '../http/log.ts';
import type { LogLevel } from '../registry/variables.ts';
import { escapeUnseen } from '../to-plain.ts';
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
  process.on('exit', () => output.end());
  const format = isTerminal
    ? (await import('./pretty-line.ts')).createPrettyLine(process.env)
    : escapeUnseen;
  const write = (line: string) => {
    output.write(format(line));
    if (isTerminal) output.flush();
  };
  const log = toLog(
    pino(
      {
        level,
        base: null,
        timestamp: createTimestamp(),
        formatters: { level: (label) => ({ level: label }) },
      },
      { write },
    ),
    () => output.flush(),
  );
  return log;
}

/** A log of pino's, which says at once what is wrong. */
function toLog(logger: pino.Logger, flush: () => void): Log {
  const isWhole = logger.isLevelEnabled('debug');
  const complain = (level: 'error' | 'warn', fault: { message: string; fields: object }) => {
    logger[level](fault.fields, fault.message);
    flush();
  };
  return {
    error: (message, cause) =>
      complain('error', { message, fields: toCauseFields(cause, isWhole) }),
    warn: (message, cause) => complain('warn', { message, fields: toCauseFields(cause, isWhole) }),
    info: (message) => logger.info(message),
    request: ({ level, message, fields, cause }) => {
      if (cause !== undefined) fields = { ...fields, ...toCauseFields(cause, isWhole) };
      if (level === 'info') logger.info(fields, message);
      else complain(level, { message, fields });
    },
    writes: (at) => logger.isLevelEnabled(at),
  };
}

/** Makes what says the time in pino's way. Each second is put into words once, for that is dear. */
function createTimestamp(): () => string {
  let second = -1;
  let words = '';
  return () => {
    const now = Date.now();
    const at = Math.floor(now / 1000);
    if (at !== second) {
      second = at;
      words = `,"time":"${new Date(at * 1000).toISOString().slice(0, -'000Z'.length)}`;
    }
    return `${words}${String(now % 1000).padStart(3, '0')}Z"`;
  };
}
