import type { ReplyWriter } from '../../demo/reply.ts';

/** The prompt in the chat. */
export const CHAT_PROMPT =
  'How do I follow server-sent events in the browser, with a key in the headers?';

/** The prompt in the arena. */
export const ARENA_PROMPT = 'Explain back pressure to a gardener, briefly.';

/** Writes the replies of the pictured models. */
export const writeReply: ReplyWriter = ({ model, prompt }) => {
  if (prompt.includes('server-sent events')) return CHAT_REPLY;
  return ARENA_REPLIES[model] ?? 'The slow receiver tells the fast sender to wait.';
};

const CHAT_REPLY = `\`EventSource\` cannot send custom headers, so read the stream with **\`fetch\`** instead:

\`\`\`ts
const response = await fetch('/api/events', {
  headers: { authorization: \`Bearer \${key}\` },
});
const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();

for (;;) {
  const { done, value } = await reader.read();
  if (done) break;
  parser.feed(value); // calls you with complete events
}
\`\`\`

You now have to do two things that \`EventSource\` does itself:

1. **Reconnect.** When the stream ends, connect again after a pause. Double the pause each time.
2. **Detect dead connections.** The server sends a comment every few seconds. If none arrives, reconnect.
`;

const ARENA_REPLIES: Readonly<Record<string, string>> = {
  'qwen3.6-27b': `Your **watering can** fills faster than the soil drinks. If you keep pouring, water runs off and is lost.

So you *watch the puddle*: while it stands, you wait; once it sinks in, you pour again. The puddle is the **buffer**, and your waiting is **back pressure**: the slow soil sets the pace of the fast can, and nothing spills.`,
  'gpt-oss-120b': `Think of a **rain barrel** that feeds a drip line:

- The roof can deliver more than the drip line takes.
- When the barrel is full, a float valve **closes the inlet**.
- The line empties it, the float sinks, and the inlet opens again.

That valve is back pressure: the consumer's pace travels *upstream*, so storage stays bounded.`,
  'gemma-4-12b-it': `Imagine handing seedlings to a friend who plants them.

If you hand them over faster than they plant, they must **put them down somewhere**. When the tray is full, they say *"wait"*. That *"wait"* is back pressure. It keeps the tray small and every seedling alive.`,
};
