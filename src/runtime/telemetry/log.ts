import type { Delivery, Exchange } from '../../telemetry/exchange.ts';
import type { Redact } from '../../telemetry/redact.ts';
import { toLogLine, type Log, type LogEntry, type LogLine } from '../../telemetry/log.ts';
import { toRequestLevel, toRequestLine } from '../../telemetry/request-line.ts';
import { isLogged, type LogLevel } from '../../settings/log-level.ts';
import { toPlainJson } from '../../to-plain.ts';
import { LogOutput } from './log-output.ts';

/** The standard error stream, where the log goes. */
const FD = 2;

/** How many ended requests are held, and how long, in ms: formatting them together costs half as much. */
const MAX_HELD = 128;
const MAX_HELD_MS = 100;

interface EndedRequest {
  readonly exchange: Exchange;
  readonly delivery: Delivery;
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
}

/** Creates the log of a process: JSON lines on the standard error stream, or readable ones on a terminal. */
export async function createLog(limit: LogLevel, redact: Redact): Promise<Log> {
  // Reading `process.stderr` makes the stream non-blocking.
  const isTerminal = process.stderr.isTTY;
  const output = new LogOutput(FD, (count) =>
    log.warn(`${count} lines of the log were dropped, because they could not be written in time`),
  );
  const format = isTerminal
    ? (await import('./pretty-line.ts')).createPrettyLine(process.env)
    : (line: LogLine) => `${toPlainJson(line)}\n`;
  const write = (line: LogLine) => output.write(format(line));
  const toTime = createTimeFormatter();
  const style = { isWhole: isLogged('debug', limit), redact };
  let held: EndedRequest[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flushEnded = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const ended = held;
    held = [];
    for (const each of ended) write(toRequestLine(each, { ...style, time: toTime(each.at) }));
    if (ended.length > 0) output.flush();
  };
  process.on('exit', () => {
    flushEnded();
    output.end();
  });
  const writeEntry = (entry: LogEntry) => {
    if (!isLogged(entry.level, limit)) return;
    // Write the requests that ended before first.
    flushEnded();
    write(toLogLine(entry, { ...style, time: toTime(Date.now()) }));
    output.flush();
  };
  const log: Log = {
    error: (message, cause) => writeEntry({ level: 'error', message, cause }),
    warn: (message, cause) => writeEntry({ level: 'warn', message, cause }),
    info: (message) => writeEntry({ level: 'info', message }),
    request: (exchange, delivery) => {
      const level = toRequestLevel(exchange, delivery);
      if (!isLogged(level, limit)) return;
      held.push({ exchange, delivery, at: Date.now() });
      // Write problems at once, and on a terminal every request at once.
      if (held.length >= MAX_HELD || level !== 'info' || isTerminal) flushEnded();
      else timer ??= setTimeout(flushEnded, MAX_HELD_MS).unref();
    },
  };
  return log;
}

/** Creates a formatter of ISO 8601 times. It caches the formatted second: formatting is slow. */
function createTimeFormatter(): (at: number) => string {
  let second = -1;
  let formatted = '';
  return (at) => {
    const current = Math.floor(at / 1000);
    if (current !== second) {
      second = current;
      formatted = new Date(current * 1000).toISOString().slice(0, -'000Z'.length);
    }
    return `${formatted}${String(at % 1000).padStart(3, '0')}Z`;
  };
}
