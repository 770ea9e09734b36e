import type { Client } from '../client.ts';
import { ANY_KEY, KEY_VARIABLE } from '../key.ts';

/** LibreChat, whose configuration is in the folder of its `docker-compose.yml`. */
export const libreChat: Client = {
  id: 'librechat',
  name: 'LibreChat',
  checked: null,
  describe: ({ url, id, window, needsKey }) => ({
    about: `Put this into librechat.yaml and restart LibreChat.${needsKey ? ` Put the key into its .env, as ${KEY_VARIABLE}.` : ''} From a container on Paddock’s machine, localhost is host.docker.internal.`,
    snippets: [
      {
        title: 'librechat.yaml',
        language: 'yaml',
        text: [
          'version: 1.2.1',
          'endpoints:',
          '  custom:',
          '    - name: Paddock',
          `      apiKey: ${needsKey ? `\${${KEY_VARIABLE}}` : ANY_KEY}`,
          `      baseURL: ${JSON.stringify(`${url}/v1`)}`,
          '      models:',
          `        default: [${JSON.stringify(id)}]`,
          '        fetch: true',
          '      titleConvo: true',
          '      titleModel: current_model',
          ...(window === null
            ? []
            : [
                '      tokenConfig:',
                `        ${JSON.stringify(id)}: { prompt: 0, completion: 0, context: ${window} }`,
              ]),
        ].join('\n'),
      },
    ],
  }),
};
