/** Names the providers that are not online, whose models are missing from a list. Returns an empty text if all are online. */
export function toMissingNote(
  providers: readonly { readonly name: string; readonly status: string }[],
): string {
  const names = providers
    .filter(({ status }) => status !== 'online')
    .map(({ name, status }) => `${name} (${status})`);
  return names.length === 0
    ? ''
    : `The models of ${names.join(', ')} are missing: paddock doctor shows why.`;
}
