/** The IDs of the models that the settings set beside each other, out of the gateway's answer at `/api/roles`. */
export function readArenaRole(body: unknown): string[] {
  const { roles } = Object(body) as { roles?: unknown };
  const { arena } = Object(roles) as { arena?: unknown };
  if (!Array.isArray(arena)) return [];
  return arena.flatMap((entry) => {
    const { id } = Object(entry) as { id?: unknown };
    return typeof id === 'string' ? [id] : [];
  });
}
