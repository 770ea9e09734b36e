/** The query that a route takes, for typed clients; its handler reads and judges the text itself. */
export interface QueryInput<Query> {
  in: { query: Query };
  out: { query: Query };
}
