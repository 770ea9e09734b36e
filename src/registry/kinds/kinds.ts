import { deepseek } from './deepseek.ts';
import { llamaServer } from './llama-server.ts';
import { llamaSwap } from './llama-swap.ts';
import { lmstudio } from './lmstudio.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';

/** Every kind of provider. A new kind is a file in this folder and an entry here. */
export const KINDS = [llamaSwap, llamaServer, ollama, lmstudio, openai, deepseek] as const;
