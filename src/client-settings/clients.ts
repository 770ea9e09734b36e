import type { Client } from './client.ts';
import { aiSdk } from './clients/ai-sdk.ts';
import { aichat } from './clients/aichat.ts';
import { aider } from './clients/aider.ts';
import { anthropicSdks } from './clients/anthropic-sdks.ts';
import { claudeCode } from './clients/claude-code.ts';
import { cline } from './clients/cline.ts';
import { codex } from './clients/codex.ts';
import { continueDev } from './clients/continue.ts';
import { curl } from './clients/curl.ts';
import { langChain } from './clients/langchain.ts';
import { libreChat } from './clients/librechat.ts';
import { liteLlm } from './clients/litellm.ts';
import { llamaIndex } from './clients/llamaindex.ts';
import { llm } from './clients/llm.ts';
import { ollama } from './clients/ollama.ts';
import { openAiSdks } from './clients/openai-sdks.ts';
import { openWebUi } from './clients/open-webui.ts';
import { opencode } from './clients/opencode.ts';
import { pydanticAi } from './clients/pydantic-ai.ts';
import { qwenCode } from './clients/qwen-code.ts';
import { webPage } from './clients/web-page.ts';

/** All clients, in the order in which people see them. */
export const CLIENTS: readonly Client[] = [
  claudeCode,
  codex,
  opencode,
  aider,
  cline,
  continueDev,
  qwenCode,
  openWebUi,
  libreChat,
  llm,
  aichat,
  openAiSdks,
  anthropicSdks,
  aiSdk,
  langChain,
  llamaIndex,
  pydanticAi,
  liteLlm,
  ollama,
  curl,
  webPage,
];
