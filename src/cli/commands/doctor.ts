import type { Diagnosis } from '../../client/client.ts';
import { SettingsError, toFaultLine } from '../../settings/settings-error.ts';
import { connect } from '../connect.ts';
import { EXIT } from '../exit-codes.ts';
import type { QueryOptions, CommandContext } from '../command-context.ts';
import { toTable } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { toPlain, toPlainJson } from '../../to-plain.ts';

type Finding = Diagnosis['findings'][number];

const SIGNS = { fault: '✗', warning: '!', note: '·' } as const;

/** Reports faults of the settings, the providers, their sidecars and the database, and how to fix them. */
export async function doctor(context: CommandContext, options: QueryOptions): Promise<void> {
  const { terminal } = context;
  const diagnosis = await examine(context, options);
  terminal.print(
    options.json ? toPlainJson(diagnosis) : renderDiagnosis(diagnosis, terminal.colors),
  );
  if (!diagnosis.ok) context.setExitCode(EXIT.failed);
}

async function examine({ terminal }: CommandContext, options: QueryOptions): Promise<Diagnosis> {
  try {
    const { paddock, target } = await connect(options);
    return await terminal.during(`Checking ${target}`, paddock.doctor());
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const findings = error.faults.map((fault) => ({
      level: 'fault' as const,
      subject: fault.variable,
      code: 'settings',
      message: toFaultLine(fault),
    }));
    return { ok: false, findings, hosts: [] };
  }
}

/** Renders the providers as a table, followed by the findings. */
export function renderDiagnosis({ hosts, findings }: Diagnosis, colors: Colors): string {
  const head = ['HOST', 'KIND', 'STATUS', 'LATENCY', 'MODELS', 'RELEASE'];
  const rows = hosts.map(({ name, kind, status, latencyMs, modelCount, release }) => [
    colors.bold(toPlain(name)),
    toPlain(kind),
    (status === 'online' ? colors.green : colors.red)(toPlain(status)),
    latencyMs === null ? '' : `${latencyMs} ms`,
    status === 'online' ? String(modelCount) : '',
    toPlain(release ?? ''),
  ]);
  const titles = head.map((title) => colors.dim(title));
  const parts = [
    toTable(titles, rows),
    findings.map((one) => toLine(one, colors)).join('\n'),
    summarize(findings, colors),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function toLine({ level, message }: Finding, colors: Colors): string {
  const paint = { fault: colors.red, warning: colors.yellow, note: colors.dim }[level];
  return `${paint(SIGNS[level])} ${toPlain(message)}`;
}

function summarize(findings: readonly Finding[], colors: Colors): string {
  const count = (level: Finding['level']) => {
    const number = findings.filter((one) => one.level === level).length;
    return number === 0 ? [] : [`${number} ${level}${number === 1 ? '' : 's'}`];
  };
  const faults = count('fault');
  const summary = [...faults, ...count('warning'), ...count('note')].join(', ');
  if (faults.length > 0) return colors.red(summary);
  return colors.green(summary === '' ? 'No problems found.' : `No faults found. ${summary}`);
}
