import type { Client } from '../client.ts';
import { toAttribute } from '../quoting.ts';

/** A page with the model picker. */
export const webPage: Client = {
  id: 'web-page',
  name: 'Your own page',
  checked: 'Chromium, in each test run',
  describe: ({ url, id }) => ({
    about:
      'The model picker of the console, for your own page or form. Add the page’s origin to CORS_ORIGINS. If Paddock requires a key, set the element’s property key.',
    snippets: [
      {
        title: '',
        language: 'html',
        text: `<script type="module" src=${toAttribute(`${url}/picker.js`)}></script>
<model-picker src=${toAttribute(url)} name="model" value=${toAttribute(id)}></model-picker>`,
      },
    ],
  }),
};
