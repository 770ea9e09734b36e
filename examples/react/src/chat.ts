interface Question {
  readonly gateway: string;
  readonly model: string;
  readonly prompt: string;
}

/**
 * Asks a model, and gives its answer as it comes.
 * @throws where the gateway or the host refuses
 */
export async function* chat({ gateway, model, prompt }: Question): AsyncGenerator<string> {
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: prompt }] }),
  });
  if (!response.ok || response.body === null) {
    const { error } = (await response.json()) as { error: { message: string } };
    throw new Error(error.message);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value = '' } = await reader.read();
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: {')) yield readText(line);
    if (done) return;
  }
}

function readText(line: string): string {
  const chunk = JSON.parse(line.slice('data: '.length)) as {
    choices: { delta: { content?: string | null } }[];
  };
  return chunk.choices[0]?.delta.content ?? '';
}
