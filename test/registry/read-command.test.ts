import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readCommand } from '../../src/registry/kinds/read-command.ts';
import { inputs } from '../fuzz.ts';

describe('readCommand', () => {
  it.each([
    ['llama-server -m x.gguf -c 32768', 32_768],
    ['llama-server -c=32768', 32_768],
    ['llama-server --ctx-size 65536 --port 5800', 65_536],
    ['llama-server --ctx-size=65536', 65_536],
    ['vllm serve org/m --max-model-len 131072', 131_072],
    ['vllm serve org/m --max-model-len=131072', 131_072],
    ['vllm serve org/m --max-model-len 32k', 32_000],
    ['vllm serve org/m --max-model-len 128K', 131_072],
    ['vllm serve org/m --max-model-len 1M', 1_048_576],
    ['llama-server \\\n  -m x.gguf \\\n  --ctx-size\t16384 \\\n', 16_384],
    ['llama-server --ctx-size "8192"', 8192],
    ["sh -c 'llama-server -c 4096'", 4096],
    ['llama-server -c 4096 -c 8192', 8192],
    ['taskset -c 3 llama-server -c 8192', 8192],
    ['llama-server --ctx_size 8192', 8192],
    ['llama-server "-c" "8192"', 8192],
    ["'llama-server' '--ctx-size=8192'", 8192],
    ['llama-server -c \\\n 8192', 8192],
    ['llama-server.exe -c ^\r\n 8192', 8192],
    ['LLAMA_ARG_CTX_SIZE=8192 llama-server', 8192],
    ['env LLAMA_ARG_CTX_SIZE=8192 llama-server -c 4096', 4096],
    ['llama-server -c 4096 LLAMA_ARG_CTX_SIZE=8192', 4096],
    ['docker run -e LLAMA_ARG_CTX_SIZE=8192 image', 8192],
    ['docker run -eLLAMA_ARG_CTX_SIZE=8192 image', 8192],
    ['docker run --env "LLAMA_ARG_CTX_SIZE=8192" image', 8192],
  ])('reads %s as %i', (command, tokens) => {
    expect(readCommand(command)).toBe(tokens);
  });

  it.each([
    ['-c 8192 -np 2', 4096],
    ['-np 2 -c 8192', 4096],
    ['-c 8192 --parallel 2', 4096],
    ['--ctx-size=8192 --parallel=4', 2048],
    ['-c=8192 -np=4', 2048],
    ['-c 8192 "-np" "2"', 4096],
    ['-c 8192 \\\n  -np 2 \\\n', 4096],
    ['-c 8192 -np 4 -np 2', 4096],
    ['-c 10000 -np 3', 3333],
    ['-c 8192 -np 1', 8192],
    ['-c 8192 -np -1', 8192],
    ['-c 8192 -np 0', 8192],
    ['-c 8192 -np many', 8192],
    ['-c 8192 -np 2 --kv-unified', 8192],
    ['-c 8192 -np 2 -kvu', 8192],
    ['-c 8192 -np 2 --kv_unified', 8192],
    ['-c 8192 -np 2 --no-kv-unified', 4096],
    ['-c 8192 -np 2 -kvu -no-kvu', 4096],
    ['-c 8192 -np 2 -no-kvu -kvu', 8192],
    ['-c 8192 --no-kv-unified', 8192],
    ['-c 8192 -np 4 --kv-unified-per-slot 1024', 1024],
    ['-c 8192 -np 2 -kvu --kv-unified-per-slot 6000', 6000],
    ['-c 4096 --kv-unified-per-slot 6000', 4096],
    ['-np 4 --kv-unified-per-slot 6000', 6000],
    ['-c 0 --kv-unified-per-slot 6000', 6000],
  ])('divides the window by the parallel requests: llama-server %s is %i', (options, tokens) => {
    expect(readCommand(`llama-server ${options}`)).toBe(tokens);
  });

  it.each([
    ['LLAMA_ARG_N_PARALLEL=2 llama-server -c 8192', 4096],
    ['LLAMA_ARG_CTX_SIZE=8192 LLAMA_ARG_N_PARALLEL=2 llama-server', 4096],
    ['LLAMA_ARG_N_PARALLEL=2 llama-server -c 8192 -np 4', 2048],
    ['LLAMA_ARG_KV_UNIFIED=1 llama-server -c 8192 -np 2', 8192],
    ['LLAMA_ARG_KV_UNIFIED=0 llama-server -c 8192 -np 2', 4096],
    ['LLAMA_ARG_KV_UNIFIED=on llama-server -c 8192 -np 2 --no-kv-unified', 4096],
    ['LLAMA_ARG_NO_KV_UNIFIED=1 llama-server -c 8192 -np 2', 4096],
    ['LLAMA_ARG_KV_UNIFIED_PER_SLOT=1024 llama-server -c 8192', 1024],
    ['vllm serve org/m --max-model-len 8192 --parallel 2', 8192],
  ])('reads the number of parallel requests from the environment: %s is %i', (command, tokens) => {
    expect(readCommand(command)).toBe(tokens);
  });

  it.each([
    ['no option sets a window', 'llama-server -m x.gguf'],
    ['the command is empty', ''],
    ['the window comes from the model file', 'llama-server -c 0'],
    ['the last option selects the window of the model file', 'llama-server -c 4096 -c 0'],
    ['the value is negative', 'llama-server -c -4096'],
    ['the value is a word', 'llama-server -c big'],
    ['the value has a fraction', 'llama-server --ctx-size 4096.5'],
    ['the value is a trillion', 'llama-server --ctx-size 1000000000000'],
    ['the value is above a billion', 'llama-server --ctx-size 9999999999'],
    ['the option has no value', 'llama-server --ctx-size'],
    ['the value has a unit that llama-server does not know', 'llama-server -c 32k'],
    ['only other options are set', 'llama-server -cd 4096 --ctx-size-draft 4096 --no-ctx-size=1'],
    ['-c is a part of a path', 'llama-server -m /models-c 4096.gguf'],
    ['-c lists processors', 'taskset -c 0-7 llama-server'],
    ['-c is one processor', 'taskset -c 3 llama-server'],
    ['only the number of parallel requests is set', 'llama-server -np 2'],
    ['less than one token remains for each request', 'llama-server -c 256 -np 512'],
    ['a variable has no value', 'env LLAMA_ARG_CTX_SIZE= llama-server LLAMA_ARG_CTX_SIZE 8192'],
  ])('answers null when %s', (_, command) => {
    expect(readCommand(command)).toBeNull();
  });

  test('reads a long command in under 200 ms, and ignores one that is too long for a shell', () => {
    // The best of several runs, because other work slows the processor.
    let best = Infinity;
    for (let round = 0; round < 12 && best >= 200; round += 1) {
      const startedAt = performance.now();
      expect(readCommand(`llama-server ${'-c '.repeat(30_000)}-c 4096`)).toBe(4096);
      expect(readCommand(`llama-server -c${' '.repeat(100_000)}x -c 4096`)).toBe(4096);
      expect(readCommand(`llama-server -c 4096 ${'x'.repeat(2 ** 20)}`)).toBeNull();
      best = Math.min(best, performance.now() - startedAt);
    }
    expect(best).toBeLessThan(200);
  });

  test('never throws, and never answers a value out of bounds, for any text', () => {
    const option = fc.constantFrom(
      '-c',
      '--ctx-size',
      '--max-model-len',
      '-np',
      'LLAMA_ARG_CTX_SIZE',
      '=',
      ' ',
      '"',
      '1',
      '0',
      'k',
    );
    const command = fc
      .array(fc.oneof(option, fc.string({ maxLength: 3 })))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(command, (text) => {
        const tokens = readCommand(text);
        expect(tokens === null || (Number.isInteger(tokens) && tokens > 0 && tokens <= 1e9)).toBe(
          true,
        );
      }),
      inputs(500),
    );
  });
});
