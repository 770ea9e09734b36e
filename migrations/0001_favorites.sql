-- Favorites by canonical composite ID, whatever providers exist; shown in the order of their positions.
CREATE TABLE favorites (
  id TEXT PRIMARY KEY NOT NULL,
  position INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
