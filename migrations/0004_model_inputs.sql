-- What the model takes as its own server said, separated by spaces (`text image audio`), or null where it never said.
ALTER TABLE context_windows ADD COLUMN inputs TEXT;
