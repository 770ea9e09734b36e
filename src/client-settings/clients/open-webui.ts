import type { Client } from '../client.ts';
import { toShellKey, toTextKey } from '../key.ts';

/** Open WebUI, usually in a container. */
export const openWebUi: Client = {
  id: 'open-webui',
  name: 'Open WebUI',
  checked: null,
  describe: (facts) => {
    const { url } = facts;
    const { port } = new URL(url);
    const inside = `http://host.docker.internal${port === '' ? '' : `:${port}`}/v1`;
    return {
      about: `Open Admin Settings, Connections, OpenAI API. It lists every model. In a container on Paddock’s machine, use the URL ${inside} and start Paddock with HOST=0.0.0.0.`,
      snippets: [
        { title: 'URL', language: 'text', text: `${url}/v1` },
        { title: 'Key', language: 'text', text: toTextKey(facts) },
        {
          title: 'Or in a new container',
          language: 'sh',
          text: `docker run -d -p 3000:8080 --add-host=host.docker.internal:host-gateway \\
  -e OPENAI_API_BASE_URL=${inside} -e OPENAI_API_KEY=${toShellKey(facts)} \\
  -v open-webui:/app/backend/data --name open-webui ghcr.io/open-webui/open-webui:main`,
        },
      ],
    };
  },
};
