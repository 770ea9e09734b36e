/** The command for each route that a message may name. */
const COMMANDS: readonly (readonly [route: RegExp, command: string])[] = [
  [/GET \/api\/doctor\b/gu, 'paddock doctor'],
  [/(?:GET )?\/api\/providers\b(?!\/)/gu, 'paddock doctor'],
  [/(?:GET )?\/(?:api|v1)\/models\b(?!\/)/gu, 'paddock models'],
  [/GET \/api\/resolve\?model=/gu, 'paddock resolve '],
  [/GET \/api\/favorites\b(?!\/)/gu, 'paddock favorites'],
];

/** Replaces the routes in a message of the HTTP API by the commands that show the same. */
export function toCommands(message: string): string {
  return COMMANDS.reduce((text, [route, command]) => text.replaceAll(route, command), message);
}
