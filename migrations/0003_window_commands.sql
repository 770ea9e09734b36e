-- What the model's command set when its context window was seen, or null: a server may allow less than its command sets.
ALTER TABLE context_windows ADD COLUMN command_tokens INTEGER;
