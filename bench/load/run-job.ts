import { join } from 'node:path';
import { startChild } from '../shared/child.ts';
import { TOOLS } from '../shared/paths.ts';

/** What a job's process prints instead of its result when it fails. */
interface Failure {
  readonly failure: string;
}

/**
 * Runs a process of the benchmark that takes a job as JSON and prints its result as one line of JSON.
 * @throws if the process reports a failure, or does not finish in time
 */
export async function runJob<Result extends object>(
  program: string,
  { job, timeoutMs }: { job: object; timeoutMs: number },
): Promise<Result> {
  const args = [join(TOOLS, program), JSON.stringify(job)];
  const child = await startChild({ args, timeoutMs });
  await child.ended;
  const result = JSON.parse(child.firstLine) as Result | Failure;
  if ('failure' in result) throw new Error(result.failure);
  return result;
}

/** Reads this process's job, and prints whatever fails as its result. */
export function readJob<Job>(): Job {
  process.once('uncaughtException', ({ message }) => {
    console.log(JSON.stringify({ failure: message } satisfies Failure));
    process.exit(1);
  });
  return JSON.parse(process.argv[2] ?? '') as Job;
}
