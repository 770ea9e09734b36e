import { readdirSync, readlinkSync } from 'node:fs';

/** How many files a process has open, and how many of them are sockets; null where the system does not tell. */
export function readDescriptors(pid: number): { files: number | null; sockets: number | null } {
  if (process.platform !== 'linux') return { files: null, sockets: null };
  const folder = `/proc/${pid}/fd`;
  const names = readdirSync(folder);
  return {
    files: names.length,
    sockets: names.filter((name) => isSocket(`${folder}/${name}`)).length,
  };
}

function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:');
  } catch {
    // It has been closed since.
    return false;
  }
}
