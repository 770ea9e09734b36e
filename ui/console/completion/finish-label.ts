/** Returns the label of a finish reason; null if the model finished by itself, or the provider sends no reason. */
export function toFinishLabel(finish: string | null): string | null {
  if (finish === null || finish === 'stop') return null;
  return LABELS[finish] ?? `The host ended the answer: ${finish.replaceAll('_', ' ')}.`;
}

const LABELS: Readonly<Record<string, string>> = {
  length: 'The answer reached the token limit.',
  tool_calls: 'The model called a tool, but this page has no tools.',
};
