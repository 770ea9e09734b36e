import { useState, type FormEvent } from 'react';
import { chat } from './chat.ts';
import { ModelPicker } from './model-picker.tsx';

/** A chat of one question. */
export function App({ gateway }: { readonly gateway: string }) {
  const [model, setModel] = useState('');
  const [prompt, setPrompt] = useState('Say hello.');
  const [answer, setAnswer] = useState('');
  const [notice, setNotice] = useState('');

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setAnswer('');
    setNotice('');
    try {
      for await (const text of chat({ gateway, model, prompt })) setAnswer((so) => so + text);
    } catch (error) {
      setNotice((error as Error).message);
    }
  };

  return (
    <>
      <h1>A React page</h1>
      <form onSubmit={send}>
        <label htmlFor="model">Model</label>
        <ModelPicker
          id="model"
          gateway={gateway}
          value={model}
          onChange={setModel}
          onFavorite={({ id, favorite }) =>
            setNotice(`${id} is ${favorite ? 'now' : 'no longer'} a favorite.`)
          }
        />
        <p>
          Chosen: <code>{model === '' ? 'none' : model}</code>
        </p>
        <label htmlFor="prompt">Prompt</label>
        <textarea
          id="prompt"
          rows={3}
          required
          value={prompt}
          onChange={(event) => setPrompt(event.target.value)}
        />
        <button>Send</button>
      </form>
      <p role="status">{notice}</p>
      <output aria-label="Answer" htmlFor="model prompt">
        {answer}
      </output>
    </>
  );
}
