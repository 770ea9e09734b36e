import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readCpuTime } from '../cpu-time.ts';

const isLinux = process.platform === 'linux';

/** A process and all that it has started, as far as the system tells. */
export function readTree(pid: number): number[] {
  if (!isLinux) return [pid];
  // Each thread names the processes that it has started.
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '),
  );
  return [pid, ...children.filter((text) => text.trim() !== '').flatMap((id) => readTree(+id))];
}

/** How long processes have kept processors busy, in milliseconds; null where the system does not tell. */
export function readTreeCpu(pids: readonly number[]): number | null {
  return sum(pids.map(readCpuTime));
}

/** What each of some things took in microseconds, by two readings of `readTreeCpu`; null where there are none. */
export function toEach(span: {
  from: number | null;
  to: number | null;
  times: number;
}): number | null {
  const { from, to, times } = span;
  return from === null || to === null ? null : ((to - from) * 1000) / times;
}

/** How much memory processes hold at present, in bytes; null where the system does not tell. */
export function readResident(pids: readonly number[]): number | null {
  return sum(pids.map((pid) => readStatus(pid, 'VmRSS')));
}

/** How much memory they held at most since `resetPeak`, in bytes; null where the system does not tell. */
export function readPeak(pids: readonly number[]): number | null {
  return sum(pids.map((pid) => readStatus(pid, 'VmHWM')));
}

/** Forgets how much memory they have held. */
export function resetPeak(pids: readonly number[]): void {
  if (!isLinux) return;
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function readStatus(pid: number, name: 'VmRSS' | 'VmHWM'): number | null {
  if (!isLinux) return null;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'mu').exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

function sum(numbers: readonly (number | null)[]): number | null {
  let total = 0;
  for (const number of numbers) {
    if (number === null) return null;
    total += number;
  }
  return total;
}
