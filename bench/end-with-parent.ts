/** Ends this process when the one that started it is gone, however that one ended. */
export function endWithParent(): void {
  process.stdin.once('end', () => process.exit(0)).resume();
}
