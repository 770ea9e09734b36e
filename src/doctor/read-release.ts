/** The first release that says of each model what it can do and how long its prompts may be. */
const SAYS_CAPABILITIES = 225;

/** What is missing in a host's release of llama-swap, and what mends it, or null: a number that cannot be read is taken for new. */
export function readRelease(name: string, release: string | null): string | null {
  const update = `update it to v${SAYS_CAPABILITIES} or later.`;
  if (release === null) {
    return `${name} runs a llama-swap from before v173, which does not say what its models can do: ${update}`;
  }
  const number = Number(/^v?(\d{1,6})\b/u.exec(release)?.[1] ?? Number.NaN);
  // A build without a release's number calls itself 0.
  if (Number.isNaN(number) || number === 0 || number >= SAYS_CAPABILITIES) return null;
  return `${name} runs llama-swap v${number}, which does not say what its models can do: ${update}`;
}
