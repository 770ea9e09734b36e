// All that a page needs: the picker from the gateway itself, the form that it is a field of, and one `fetch`.

const gateway = new URLSearchParams(location.search).get('gateway') ?? 'http://127.0.0.1:8400';

const form = document.querySelector('form');
const picker = document.querySelector('model-picker');
const chosen = document.querySelector('#chosen');
const trouble = document.querySelector('#trouble');
const answer = document.querySelector('output');

// The picker asks whom it came from. Where that is always the same gateway, `<script type="module" src="http://…/picker.js">`
// does as well.
import(`${gateway}/picker.js`).catch(() => {
  trouble.textContent = `There is no picker at ${gateway}: is Paddock running there?`;
});

picker.addEventListener('change', () => {
  chosen.textContent = picker.value;
});

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  trouble.textContent = '';
  answer.textContent = '';
  const { model, prompt } = Object.fromEntries(new FormData(form));
  try {
    for await (const text of chat(model, prompt)) answer.textContent += text;
  } catch (error) {
    trouble.textContent = error.message;
  }
});

/** Asks a model, and gives its answer as it comes. */
async function* chat(model, prompt) {
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: prompt }] }),
  });
  if (!response.ok) throw new Error((await response.json()).error.message);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value = '' } = await reader.read();
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line.startsWith('data: {')) yield readText(line);
    if (done) return;
  }
}

function readText(line) {
  return JSON.parse(line.slice('data: '.length)).choices[0]?.delta.content ?? '';
}
