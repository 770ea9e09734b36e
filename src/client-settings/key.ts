import type { Facts } from './client.ts';

/** The environment variable that holds the key. */
export const KEY_VARIABLE = 'PADDOCK_API_KEY';

/** The key that clients send where Paddock requires none: most refuse an empty one. */
export const ANY_KEY = 'any';

type Key = Pick<Facts, 'needsKey'>;

/** The key as a word of a shell command. */
export function toShellKey({ needsKey }: Key): string {
  return needsKey ? `"$${KEY_VARIABLE}"` : ANY_KEY;
}

/** The key as a Python expression, which needs `import os`. */
export function toPythonKey({ needsKey }: Key): string {
  return needsKey ? `os.environ["${KEY_VARIABLE}"]` : `"${ANY_KEY}"`;
}

/** The first lines of a Python snippet with these imports. */
export function toPythonImports({ needsKey }: Key, lines: readonly string[]): string {
  return [...(needsKey ? ['import os', ''] : []), ...lines, ''].join('\n');
}

/** The key as a TypeScript expression. */
export function toTypeScriptKey({ needsKey }: Key): string {
  return needsKey ? `process.env.${KEY_VARIABLE}` : `'${ANY_KEY}'`;
}

/** The key as text for a form or a file that reads no environment variables: a placeholder. */
export function toTextKey({ needsKey }: Key): string {
  return needsKey ? 'YOUR_PADDOCK_KEY' : ANY_KEY;
}
