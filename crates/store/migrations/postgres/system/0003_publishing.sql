-- When each tenant next has posts due. A hint: a sweep recomputes it from the tenants' own jobs.
CREATE TABLE wakeups (
    tenant_id uuid NOT NULL PRIMARY KEY,
    due_at timestamptz NOT NULL,
    generation bigint NOT NULL,
    lease_owner uuid,
    lease_until timestamptz
);
CREATE INDEX wakeups_due_at ON wakeups (due_at);

-- Signs of life of the processes that publish.
CREATE TABLE workers (
    id uuid NOT NULL PRIMARY KEY,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
