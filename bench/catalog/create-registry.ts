import type { Registry } from '../../src/registry/registry.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const FIRST_PORT = 20_000;

/** The PROVIDERS setting for providers at some ports of this machine. */
export function toProviders(ports: readonly number[]): string {
  return ports.map((port, index) => `host-${index}=llama-swap://127.0.0.1:${port}`).join(' ');
}

/** A registry of providers that nothing connects to. */
export function createRegistry(count: number): Registry {
  const ports = Array.from({ length: count }, (_, index) => FIRST_PORT + index);
  return parseSettings({ PROVIDERS: toProviders(ports) }).registry;
}
