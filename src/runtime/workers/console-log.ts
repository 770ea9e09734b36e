import type { Redact } from '../../telemetry/redact.ts';
import { toLogLine, type Log, type LogEntry, type LogLine } from '../../telemetry/log.ts';
import { toRequestLevel, toRequestLine } from '../../telemetry/request-line.ts';
import { isLogged, type LogLevel } from '../../settings/log-level.ts';
import { toPlainJson } from '../../to-plain.ts';

/** Creates a log of JSON lines on the platform's console, which turns them into fields. */
export function createConsoleLog(limit: LogLevel, redact: Redact): Log {
  const style = { isWhole: isLogged('debug', limit), redact };
  const toStyle = () => ({ ...style, time: new Date().toISOString() });
  const write = (line: LogLine) => console[line.level](toPlainJson(line));
  const writeEntry = (entry: LogEntry) => {
    if (isLogged(entry.level, limit)) write(toLogLine(entry, toStyle()));
  };
  return {
    error: (message, cause) => writeEntry({ level: 'error', message, cause }),
    warn: (message, cause) => writeEntry({ level: 'warn', message, cause }),
    info: (message) => writeEntry({ level: 'info', message }),
    request: (exchange, delivery) => {
      const isWanted = isLogged(toRequestLevel(exchange, delivery), limit);
      if (isWanted) write(toRequestLine({ exchange, delivery }, toStyle()));
    },
  };
}
