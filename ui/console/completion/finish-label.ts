/** Returns the label of a finish reason; null if the model finished by itself, or the provider sends no reason. */
export function toFinishLabel(finish: string | null): string | null {
  if (finish === null || finish === 'stop') return null;
  return LABELS[finish] ?? `Ended by the host: ${finish.replaceAll('_', ' ')}.`;
}

const LABELS: Readonly<Record<string, string>> = {
  length: 'Ended at the limit of tokens.',
  tool_calls: 'The model called a tool, and there is none here.',
};
