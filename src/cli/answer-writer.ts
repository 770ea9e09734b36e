import { createPlainStream } from './plain-stream.ts';
import type { Terminal } from './terminal.ts';

/** A part of an answer that has arrived. */
interface Part {
  readonly reasoning: string;
  readonly content: string;
}

/** Prints an answer as it arrives. */
export interface AnswerWriter {
  /** Resolves when there is text to print. */
  readonly begun: Promise<void>;
  /** Starts to print: until then the terminal may show a spinner. */
  open(): void;
  add(part: Part): void;
  /** Ends the last line. Resolves when everything is written. */
  end(): Promise<void>;
}

/** Creates the writer of one answer. Only a terminal shows the reasoning too, dimmed before the answer. */
export function createAnswerWriter(terminal: Terminal): AnswerWriter {
  const { colors, width } = terminal;
  const isTerminal = width !== null;
  const toShown = isTerminal ? createPlainStream() : (text: string) => text;
  const begun = createGate();
  const opened = createGate();
  let last: 'nothing' | 'reasoning' | 'content' = 'nothing';
  let isLineOpen = false;
  let writing = opened.passed;

  const write = (text: string, paint = (plain: string) => plain) => {
    if (text === '') return;
    isLineOpen = !text.endsWith('\n');
    begun.open();
    writing = writing.then(() => terminal.write(paint(text)));
  };
  const addReasoning = (text: string) => {
    // Without colors, a title sets it apart.
    if (last === 'nothing' && !colors.isColorSupported) write('Reasoning: ');
    last = 'reasoning';
    write(toShown(text), colors.dim);
  };
  const addContent = (text: string) => {
    if (last === 'reasoning') write(isLineOpen ? '\n\n' : '\n');
    last = 'content';
    write(toShown(text));
  };
  return {
    begun: begun.passed,
    open: opened.open,
    add({ reasoning, content }) {
      if (reasoning !== '' && isTerminal) addReasoning(reasoning);
      if (content !== '') addContent(content);
    },
    async end() {
      if (isLineOpen) write('\n');
      await writing;
    },
  };
}

/** Creates a promise and the function that resolves it. */
function createGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
