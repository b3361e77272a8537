-- What happened in this tenant, in order; see store::outbox.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_at ON outbox (at);

-- Answers to requests that carried an Idempotency-Key, to be given again.
CREATE TABLE idempotency_keys (
    key_hash BLOB NOT NULL PRIMARY KEY,
    request_hash BLOB NOT NULL,
    status INTEGER,
    response TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
