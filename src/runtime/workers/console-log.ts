import type { Redact } from '../../telemetry/redact.ts';
import { toLogLine, type LogLine, type Saying } from '../../telemetry/log-line.ts';
import { toRequestLevel, toRequestLine } from '../../telemetry/request-line.ts';
import { isLogged, type LogLevel } from '../../settings/variables.ts';
import { toPlainJson } from '../../to-plain.ts';
import type { Log } from '../../telemetry/log.ts';

/** Makes a log of JSON lines on the platform's console, which makes fields of them. */
export function createConsoleLog(much: LogLevel, redact: Redact): Log {
  const style = { isWhole: isLogged('debug', much), redact };
  const toStyle = () => ({ ...style, time: new Date().toISOString() });
  const write = (line: LogLine) => console[line.level](toPlainJson(line));
  const say = (saying: Saying) => {
    if (isLogged(saying.level, much)) write(toLogLine(saying, toStyle()));
  };
  return {
    error: (message, cause) => say({ level: 'error', message, cause }),
    warn: (message, cause) => say({ level: 'warn', message, cause }),
    info: (message) => say({ level: 'info', message }),
    request: (exchange, delivery) => {
      const isWanted = isLogged(toRequestLevel(exchange, delivery), much);
      if (isWanted) write(toRequestLine({ exchange, delivery }, toStyle()));
    },
  };
}
