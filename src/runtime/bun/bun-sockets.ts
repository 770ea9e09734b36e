import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readListening } from '../tcp-table.ts';

/** Socket operations that Linux offers and Bun does not. */
export interface BunSockets {
  /** Turns on TCP keepalive for connections to a port, so that vanished clients are noticed. */
  keepAlive(port: number): void;
  /** Ends a connection, identified by the inode of its socket. */
  end(inode: string): void;
}

/** The C library's file names on Debian-like systems and on Alpine. */
const LIBRARIES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];

// Linux's numbers of socket options.
const [SOL_SOCKET, SO_KEEPALIVE] = [1, 9];
const [IPPROTO_TCP, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT] = [6, 4, 5, 6];
const SHUT_RDWR = 2;

/** Options that connections inherit from the listening socket: a flag, two times in seconds, and a count. */
const KEEP_ALIVE: readonly (readonly [level: number, option: number, value: number])[] = [
  [SOL_SOCKET, SO_KEEPALIVE, 1],
  [IPPROTO_TCP, TCP_KEEPIDLE, 30],
  [IPPROTO_TCP, TCP_KEEPINTVL, 5],
  [IPPROTO_TCP, TCP_KEEPCNT, 3],
];

/** Opens the C library. Returns null if the system is not Linux or the library cannot be loaded. */
export async function openBunSockets(): Promise<BunSockets | null> {
  if (process.platform !== 'linux') return null;
  for (const library of LIBRARIES) {
    try {
      return await load(library);
    } catch {
      // Try the next library.
    }
  }
  return null;
}

async function load(library: string): Promise<BunSockets> {
  const { dlopen, ptr } = await import('bun:ffi');
  const { symbols } = dlopen(library, {
    setsockopt: { args: ['int', 'int', 'int', 'ptr', 'u32'], returns: 'int' },
    shutdown: { args: ['int', 'int'], returns: 'int' },
  });
  return {
    keepAlive(port) {
      const tables = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/self/net/${name}`, 'utf8'));
      const inodes = tables.flatMap((table) => readListening(table, port));
      for (const descriptor of findDescriptors(inodes)) {
        for (const [level, option, value] of KEEP_ALIVE) {
          symbols.setsockopt(descriptor, level, option, ptr(new Int32Array([value])), 4);
        }
      }
    },
    end(inode) {
      for (const descriptor of findDescriptors([inode])) symbols.shutdown(descriptor, SHUT_RDWR);
    },
  };
}

/** Finds this process's descriptors of sockets by their inodes. */
function findDescriptors(inodes: readonly string[]): number[] {
  const targets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  return readdirSync('/proc/self/fd')
    .filter((descriptor) => {
      try {
        return targets.has(readlinkSync(`/proc/self/fd/${descriptor}`));
      } catch {
        // Closed meanwhile.
        return false;
      }
    })
    .map(Number);
}
