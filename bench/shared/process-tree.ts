import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

// All of it reads /proc. Other systems than Linux give null.
const isLinux = process.platform === 'linux';

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** The IDs of a process and its descendants. */
export function readTree(pid: number): number[] {
  if (!isLinux) return [pid];
  // Each thread lists the processes that it started.
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '),
  );
  return [pid, ...children.filter((text) => text.trim() !== '').flatMap((id) => readTree(+id))];
}

/** The processor time that processes have used, in milliseconds. */
export function readCpu(pids: readonly number[]): number | null {
  return sum(pids, (pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name ends at the last bracket and may hold spaces. utime is field 14.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  });
}

/** Microseconds for each of `count` things, from two readings of `readCpu`. */
export function toMicrosecondsEach(
  [before, after]: readonly [number | null, number | null],
  count: number,
): number | null {
  return before === null || after === null ? null : ((after - before) * 1000) / count;
}

/** The memory that processes hold now (RSS), in bytes. */
export function readResident(pids: readonly number[]): number | null {
  return sum(pids, (pid) => readStatus(pid, 'VmRSS'));
}

/** The most memory that processes have held since `resetPeak`, in bytes. */
export function readPeak(pids: readonly number[]): number | null {
  return sum(pids, (pid) => readStatus(pid, 'VmHWM'));
}

/** Starts a new peak. */
export function resetPeak(pids: readonly number[]): void {
  if (!isLinux) return;
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function readStatus(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'mu').exec(status)?.[1]) * 1024;
}

function sum(pids: readonly number[], read: (pid: number) => number): number | null {
  return isLinux ? pids.reduce((total, pid) => total + read(pid), 0) : null;
}
