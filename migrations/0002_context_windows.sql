-- The context window that each model had when it was last seen loaded, by provider and that provider's own name for it.
CREATE TABLE context_windows (
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  tokens INTEGER NOT NULL,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (provider, model)
) STRICT, WITHOUT ROWID;
