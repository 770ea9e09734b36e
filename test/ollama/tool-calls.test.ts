import { expect, it } from 'vitest';
import { ToolCalls } from '../../src/ollama/tool-calls.ts';

it('takes null in a piece of a call for nothing', () => {
  const calls = new ToolCalls();
  calls.add([{ index: 0, id: '1', function: { name: 'f', arguments: null } }]);
  calls.add([{ index: 0, id: null, function: { name: null, arguments: '{"q":1}' } }]);
  expect(calls.take()).toEqual([
    { id: '1', function: { index: 0, name: 'f', arguments: { q: 1 } } },
  ]);
});
