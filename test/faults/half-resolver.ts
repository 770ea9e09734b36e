// A name server that answers for some names and is silent about others, as that of a tailnet that is down.

import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server } from '../runtimes/runtimes.ts';

/** A running name server. */
export interface HalfResolver {
  /** Changes a server so that it uses this name server. The system's settings are not changed. */
  before(server: Server): Server;
  close(): Promise<void>;
}

/** Names below this domain resolve to loopback. */
export const KNOWN = 'known.test';
/** Names below this domain get no answer. */
export const SILENT = 'silent.test';

/** The timeout of a lookup in milliseconds. The system's default is over ten seconds. */
export const LOOKUP_MS = 4000;

const ADDRESS = '127.0.0.153';
const SETTINGS = `nameserver ${ADDRESS}\noptions timeout:1 attempts:${LOOKUP_MS / 1000}\n`;
const [HEAD_BYTES, TYPE_A] = [12, 1];
/** The flags and counts of a response to one question, without an answer or with one. */
const NO_ANSWER = [0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];
const ONE_ANSWER = [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
/** An answer for the name of the question: 127.0.0.1, valid for 0 seconds. */
const LOOPBACK = [0xc0, HEAD_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1];

/** Starts a name server, or returns null without Linux, root and the right to mount. */
export async function startHalfResolver(): Promise<HalfResolver | null> {
  const attempt = 'mount --bind /etc/hosts /etc/resolv.conf';
  if (spawnSync('unshare', ['--mount', 'sh', '-c', attempt]).status !== 0) return null;
  const socket = createSocket('udp4', (query, client) => {
    const answer = toAnswer(query);
    if (answer !== null) socket.send(answer, client.port, client.address);
  });
  const isBound = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(53, ADDRESS, () => resolve(true));
  });
  if (!isBound) return null;
  const folder = mkdtempSync(join(tmpdir(), 'paddock-resolver-'));
  const settings = join(folder, 'resolv.conf');
  writeFileSync(settings, SETTINGS);
  return {
    before: ({ command, program }) => {
      const wrapper = join(folder, 'run');
      const mount = `mount --bind '${settings}' /etc/resolv.conf`;
      const run = `#!/bin/sh\nexec unshare --mount sh -c "${mount} && exec '${command}' \\"\\$@\\"" sh "$@"\n`;
      writeFileSync(wrapper, run);
      chmodSync(wrapper, 0o700);
      return { command: wrapper, program };
    },
    close: async () => {
      await new Promise<void>((resolve) => socket.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function toAnswer(query: Buffer): Buffer | null {
  let end = HEAD_BYTES;
  const labels: string[] = [];
  for (let length = query[end] ?? 0; length > 0; length = query[end] ?? 0) {
    labels.push(query.toString('latin1', end + 1, end + 1 + length));
    end += 1 + length;
  }
  if (!labels.join('.').endsWith(KNOWN)) return null;
  // Up to its type and class.
  const question = query.subarray(HEAD_BYTES, end + 5);
  const isForA = query.readUInt16BE(end + 1) === TYPE_A;
  const head = Buffer.from(isForA ? ONE_ANSWER : NO_ANSWER);
  return Buffer.concat([query.subarray(0, 2), head, question, Buffer.from(isForA ? LOOPBACK : [])]);
}
