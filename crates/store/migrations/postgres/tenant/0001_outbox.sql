-- What happened in this tenant, in order; see store::outbox.
CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    kind TEXT NOT NULL,
    subject_id uuid NOT NULL,
    at timestamptz NOT NULL,
    data jsonb NOT NULL
);
CREATE INDEX outbox_at ON outbox (at);

-- Answers to requests that carried an Idempotency-Key, to be given again.
CREATE TABLE idempotency_keys (
    key_hash bytea NOT NULL PRIMARY KEY,
    request_hash bytea NOT NULL,
    status bigint,
    response TEXT,
    created_at timestamptz NOT NULL
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
