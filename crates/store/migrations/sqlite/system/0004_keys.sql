-- The key files that this database's secrets are encrypted with.
CREATE TABLE key_marks (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;
