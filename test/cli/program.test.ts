import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { toExitCode } from '../../src/cli/exit-codes.ts';
import { createProgram } from '../../src/cli/program.ts';
import { createStandardInput } from '../../src/cli/standard-input.ts';
import { createTerminal } from '../../src/cli/terminal.ts';

const terminal = createTerminal(process);
const input = createStandardInput(process);

const COMMANDS = [
  ...['serve', 'demo', 'doctor', 'models', 'ps', 'resolve', 'chat', 'load', 'logs'],
  ...['unload', 'favorites'],
  ...[
    'favorites list',
    'favorites add',
    'favorites move',
    'favorites remove',
    'opencode',
    'connect',
    'migrate',
  ],
];

/** Runs a command line that ends before a command starts. Returns its output and the exit code. */
async function parse(line: string) {
  let [stdout, stderr] = ['', ''];
  const fail = () => {
    throw new Error('A command has started');
  };
  const program = createProgram({ terminal, input, setExitCode: fail, keepRunning: fail });
  const collect = (command: Command) => {
    command.configureOutput({
      writeOut: (text) => (stdout += text),
      writeErr: (text) => (stderr += text),
      getOutHelpWidth: () => 80,
    });
    command.commands.forEach(collect);
  };
  collect(program);
  const error: unknown = await program
    .parseAsync(line.split(' ').filter(Boolean), { from: 'user' })
    .then(fail, (failure: unknown) => failure);
  return { code: toExitCode(error), stdout, stderr };
}

describe('help', () => {
  it.each(['', ...COMMANDS])('of "paddock %s" fits a terminal and exits with 0', async (name) => {
    const { code, stdout, stderr } = await parse(`${name} --help`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^Usage: paddock ${name}`));
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain(name === 'favorites list' ? 'hidden' : 'Example');
  });

  it('lists every command and the exit codes', async () => {
    const { stdout } = await parse('--help');
    for (const name of COMMANDS.filter((one) => !one.includes(' '))) {
      expect(stdout).toMatch(new RegExp(`^  ${name} .*\\w`, 'm'));
    }
    expect(stdout).toMatch(/0 +done\n +1 +refused.*\n +2 +wrong.*\n +3 +.*does not answer/);
  });
});

describe('a wrong command line', () => {
  it.each([
    ['model', /unknown command 'model'\n\(Did you mean models\?\)\nSee: paddock --help/],
    [
      'models --jsn',
      /unknown option '--jsn'\n\(Did you mean --json\?\)\nSee: paddock models --help/,
    ],
    ['models x y', /too many arguments/],
    ['logs', /missing required argument 'provider'/],
    ['load', /missing required argument 'id'/],
    ['chat', /missing required argument 'id'/],
    ['favorites move m', /missing required argument 'position'/],
    [
      'resolve',
      /expected an ID or --role <role>, but received neither\nSee: paddock resolve --help/,
    ],
    ['resolve m --role task', /expected an ID or --role <role>, but received both/],
    ['resolve --role boss', /'boss' is invalid.*default, task, compaction, arena/],
    ['unload', /expected an ID or --all <provider>, but received neither/],
    ['unload m --all a', /expected an ID or --all <provider>, but received both/],
    ['favorites ad m', /unknown command 'ad'\n\(The commands are list, add, move and remove\.\)/],
    ['favorites add', /missing required argument 'id'\nSee: paddock favorites add --help/],
    ['opencode --into', /'--into <file>' argument missing/],
  ])('paddock %s', async (line, message) => {
    const { code, stdout, stderr } = await parse(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
