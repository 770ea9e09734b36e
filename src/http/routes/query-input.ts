/** The query of a route, for typed clients. The handler reads and validates the text itself. */
export interface QueryInput<Query> {
  in: { query: Query };
  out: { query: Query };
}
