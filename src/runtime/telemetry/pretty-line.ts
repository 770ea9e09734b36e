import pc from 'picocolors';
import { prettyFactory } from 'pino-pretty';
import { toPlain, toPlainLines } from '../../to-plain.ts';
import { wantsColors } from '../environment.ts';

type Colors = ReturnType<typeof pc.createColors>;
type Fields = Readonly<Record<string, unknown>>;

/** How long an ID that Paddock has made is shown, in characters: enough to find it again. */
const SHORT_ID = 8;
/** The longest ID of others that is shown whole. */
const LONG_ID = 40;

/** Makes what turns a log's line of JSON into one for whoever watches a terminal. */
export function createPrettyLine(environment: NodeJS.ProcessEnv): (json: string) => string {
  const isColored = wantsColors(environment);
  const colors = pc.createColors(isColored);
  const paints: Fields = { error: colors.red, warn: colors.yellow, info: colors.dim };
  return prettyFactory({
    colorize: isColored,
    // It would paint all of each message.
    customColors: 'message:reset',
    useOnlyCustomProps: false,
    hideObject: true,
    translateTime: 'SYS:HH:MM:ss',
    customPrettifiers: {
      time: (time) => colors.dim(String(time)),
      level: (level) => {
        const paint = (paints[String(level)] as Colors['dim'] | undefined) ?? colors.blue;
        return paint(String(level).padStart('error'.length));
      },
    },
    messageFormat: (log) => {
      const said = 'requestId' in log ? toRequest(log, colors) : toPlain(String(log['msg']));
      const { reason, stack } = log as { reason?: string; stack?: string };
      const because = reason === undefined ? '' : colors.dim(` (${toPlain(reason)})`);
      const trace = stack === undefined ? '' : `\n${colors.dim(toPlainLines(stack))}`;
      return said + because + trace;
    },
  });
}

function toRequest(log: Fields, colors: Colors): string {
  const { method, path, status, provider, model, client } = log;
  const subject = [method, path].filter((part) => part !== undefined);
  // What stands behind it in the message says why it ended.
  const why = String(log['msg']).slice([...subject, status].join(' ').length);
  const parts = [
    ...subject.map((part) => toPlain(String(part))),
    toStatusPaint(Number(status), colors)(String(status)),
    ...(provider === undefined
      ? []
      : [colors.cyan(toPlain([provider, model].filter((part) => part !== undefined).join('/')))]),
    toDuration(Number(log['durationMs'])),
    colors.dim(
      [...(client === undefined ? [] : [client]), toShortId(String(log['requestId']))].join(' '),
    ),
  ];
  return parts.join(' ') + toPlain(why);
}

function toStatusPaint(status: number, { green, yellow, red }: Colors) {
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
