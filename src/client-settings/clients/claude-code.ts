import type { Client, Facts } from '../client.ts';
import { ANY_KEY, KEY_VARIABLE, toShellKey } from '../key.ts';
import { toShellWord } from '../quoting.ts';

/** The tokens that Claude Code requests for an answer. */
const MAX_OUTPUT = 32_000;

/** Claude Code, which uses Anthropic's API. */
export const claudeCode: Client = {
  id: 'claude-code',
  name: 'Claude Code',
  checked: '2.1.332, 2026-11-28',
  describe: (facts) => {
    const variables = toVariables(facts);
    const { needsKey } = facts;
    const lines = Object.entries({ ...variables, ANTHROPIC_AUTH_TOKEN: '' }).map(
      ([name, value]) => {
        const word = name === 'ANTHROPIC_AUTH_TOKEN' ? toShellKey(facts) : toShellWord(value);
        return `export ${name}=${word}`;
      },
    );
    const settings = {
      // The settings cannot refer to a variable, but may name a command that prints the key.
      ...(needsKey && { apiKeyHelper: `printenv ${KEY_VARIABLE}` }),
      env: { ...variables, ...(!needsKey && { ANTHROPIC_AUTH_TOKEN: ANY_KEY }) },
    };
    return {
      about: `The base URL has no /v1. All names use the same model, because the provider would swap different models in and out of memory. ${toAliasNote(facts)}`,
      snippets: [
        { title: 'In a shell', language: 'sh', text: [...lines, 'claude'].join('\n') },
        {
          title: 'For every session',
          language: 'json',
          text: JSON.stringify(settings, null, 2),
          file: { path: '~/.claude/settings.json', folderVariable: 'CLAUDE_CONFIG_DIR' },
        },
      ],
    };
  },
};

function toVariables({ url, id, window, claudeAlias }: Facts): Record<string, string> {
  const model = claudeAlias ?? id;
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_MODEL: model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    // Without it Claude Code assumes 200,000 tokens or more.
    ...(window !== null && { CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(window) }),
    // It requests 32,000 tokens for every answer, which do not fit into a small window together with the prompt.
    ...(window !== null &&
      window / 4 < MAX_OUTPUT && { CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(Math.floor(window / 4)) }),
    // A first block that differs in each request would make the model's server read the whole prompt again.
    CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
  };
}

function toAliasNote({ id, claudeAlias }: Facts): string {
  return claudeAlias === null
    ? `If the model’s template refuses a system message in the middle of a conversation, as Qwen’s does, give it an alias that begins with claude-3-, MODEL_ALIASES=${toShellWord(toAlias(id))}, and use these settings again: Claude Code then sends no such messages.`
    : `${claudeAlias} is an alias of ${id}: with a name that begins with claude-3-, Claude Code sends no system message in the middle of a conversation, which some templates refuse.`;
}

/** A value of `MODEL_ALIASES`, which separates its entries by white space. */
function toAlias(id: string): string {
  const alias = 'claude-3-local';
  return /[\s,]/u.test(id) ? JSON.stringify({ [alias]: id }) : `${alias}=${id}`;
}
