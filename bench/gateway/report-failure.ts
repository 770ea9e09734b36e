/** What a process prints in place of its result where it fails. */
export interface Failure {
  readonly failure: string;
}

/** Has this process tell why it fails, in one line of JSON, and end. */
export function reportFailure(): void {
  process.once('uncaughtException', ({ message }) => {
    console.log(JSON.stringify({ failure: message } satisfies Failure));
    process.exit(1);
  });
}
