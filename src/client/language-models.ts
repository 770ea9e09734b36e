import type { FetchFunction } from './fetch-function.ts';

// The package is an optional peer dependency. Without it, `@ts-ignore` prevents an error in the declarations, and the type
// is `any`.
/** @ts-ignore A model as the AI SDK takes it. */
export type LanguageModel = import('@ai-sdk/provider').LanguageModelV3;

const PACKAGE = '@ai-sdk/openai-compatible';

/** Creates models for the AI SDK by ID. The first request of a model loads the AI SDK's package. */
export function createLanguageModels(options: {
  url: string;
  apiKey: string | undefined;
  fetch: FetchFunction;
}): (id: string) => LanguageModel {
  const { url, apiKey, fetch } = options;
  const name = 'paddock';
  const load = async (id: string): Promise<LanguageModel> => {
    const { createOpenAICompatible } = await importPackage();
    const settings = {
      name,
      baseURL: `${url}/v1`,
      includeUsage: true,
      supportsStructuredOutputs: true,
    };
    const provider = createOpenAICompatible({
      ...settings,
      fetch: fetch as typeof globalThis.fetch,
      ...(apiKey !== undefined && { apiKey }),
    });
    return provider.languageModel(id);
  };
  return (id) => {
    let loading: Promise<LanguageModel> | null = null;
    const model = () => (loading ??= load(id));
    return {
      specificationVersion: 'v3',
      provider: `${name}.chat`,
      modelId: id,
      supportedUrls: {},
      doGenerate: async (call) => (await model()).doGenerate(call),
      doStream: async (call) => (await model()).doStream(call),
    };
  };
}

async function importPackage() {
  // Bundlers accept a missing package only if its import is in a `try` block.
  try {
    return await import('@ai-sdk/openai-compatible');
  } catch (cause) {
    const message = `languageModel() needs the package ${PACKAGE}, which cannot be loaded. Install it: npm install ${PACKAGE}@2`;
    throw new Error(message, { cause });
  }
}
