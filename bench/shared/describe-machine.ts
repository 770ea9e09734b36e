import { cpus } from 'node:os';

/** The machine and the Node that figures are taken on. */
export function describeMachine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? 'unknown processor';
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${model}, ${cores.length} cores`;
}
