-- When each tenant next has posts due. A hint: a sweep recomputes it from the tenants' own jobs.
CREATE TABLE wakeups (
    tenant_id BLOB NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    lease_owner BLOB,
    lease_until INTEGER
) STRICT;
CREATE INDEX wakeups_due_at ON wakeups (due_at);

-- Signs of life of the processes that publish.
CREATE TABLE workers (
    id BLOB NOT NULL PRIMARY KEY,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
