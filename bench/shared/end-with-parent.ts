/** Ends this process when its parent is gone, however the parent ended. */
export function endWithParent(): void {
  process.stdin.once('end', () => process.exit(0)).resume();
}
