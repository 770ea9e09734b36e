import { deepseek } from './deepseek.ts';
import { llamaSwap } from './llama-swap.ts';
import { openai } from './openai.ts';

/** Every kind of provider. A new kind is a file in this folder and an entry here. */
export const KINDS = [llamaSwap, openai, deepseek] as const;
