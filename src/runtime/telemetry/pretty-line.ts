import pc from 'picocolors';
import type { LogLine } from '../../telemetry/log.ts';
import type { RequestLine } from '../../telemetry/request-line.ts';
import { toPlain, toPlainLines } from '../../to-plain.ts';
import { wantsColors } from '../environment.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** How many characters of an ID made by Paddock are shown: enough to find it again. */
const SHORT_ID = 8;
/** The longest ID of a client that is shown whole. */
const LONG_ID = 40;
const LEVEL_WIDTH = 'error'.length;

/** Creates the function that formats a line of the log for a terminal. */
export function createPrettyLine(
  environment: NodeJS.ProcessEnv,
): (line: LogLine | RequestLine) => string {
  const colors = pc.createColors(wantsColors(environment));
  const levelColors = { error: colors.red, warn: colors.yellow, info: colors.dim };
  return (line) => {
    const { level, reason, stack } = line;
    // The time of day in the local time zone, `12:34:56`.
    const time = colors.dim(new Date(line.time).toTimeString().slice(0, '00:00:00'.length));
    const shownLevel = levelColors[level](level.padStart(LEVEL_WIDTH));
    const message = 'requestId' in line ? toRequest(line, colors) : toPlain(line.msg);
    const shownReason = reason === undefined ? '' : colors.dim(` (${toPlain(reason)})`);
    const shownStack = stack === undefined ? '' : `\n${colors.dim(toPlainLines(stack))}`;
    return `${time} ${shownLevel}: ${message}${shownReason}${shownStack}\n`;
  };
}

function toRequest(line: RequestLine, colors: Colors): string {
  const { method, path, status, provider, model, client, durationMs, requestId, msg } = line;
  const subject = [method, path].filter((part) => part !== undefined);
  // The message continues with the reason.
  const reason = msg.slice([...subject, status].join(' ').length);
  const target = [provider, model].filter((part) => part !== undefined).join('/');
  const parts = [
    ...subject.map(toPlain),
    pickStatusColor(status, colors)(String(status)),
    ...(provider === undefined ? [] : [colors.cyan(toPlain(target))]),
    toDuration(durationMs),
    colors.dim([...(client === undefined ? [] : [client]), toShortId(requestId)].join(' ')),
  ];
  return parts.join(' ') + toPlain(reason);
}

function pickStatusColor(status: number, { green, yellow, red }: Colors) {
  if (status >= 500) return red;
  return status >= 400 ? yellow : green;
}

function toDuration(ms: number): string {
  if (ms < 10) return `${ms} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function toShortId(id: string): string {
  return /^[\da-f]{8}-[\da-f]{4}-/u.test(id) ? id.slice(0, SHORT_ID) : id.slice(0, LONG_ID);
}
