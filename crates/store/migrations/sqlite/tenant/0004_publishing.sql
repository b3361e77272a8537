-- The queue. One job per target of a post; the job has the target's id.
CREATE TABLE publish_jobs (
    id BLOB NOT NULL PRIMARY KEY REFERENCES post_targets (id) ON DELETE CASCADE,
    post_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
    -- Of a running job: its files are uploaded ahead of its time, and nothing public is sent.
    preparing INTEGER NOT NULL,
    -- When it is next taken in hand: the appointed time, ahead of it to upload its files, or the
    -- time of the next try.
    run_at INTEGER NOT NULL,
    -- The appointed time. Networks' keys are made of it, so tries must not change it.
    due_at INTEGER NOT NULL,
    -- Tries since it was last scheduled; decides the pause before the next one.
    tries INTEGER NOT NULL,
    -- Attempts ever; numbers the history and fences out a worker that lost its lease.
    attempt INTEGER NOT NULL,
    lease_owner BLOB,
    lease_until INTEGER
) STRICT;
CREATE INDEX publish_jobs_due ON publish_jobs (state, run_at);
CREATE INDEX publish_jobs_post ON publish_jobs (post_id);

-- What each attempt came to, for people to read.
CREATE TABLE publish_attempts (
    job_id BLOB NOT NULL REFERENCES publish_jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT NOT NULL CHECK (outcome IN
        ('running', 'published', 'retrying', 'failed', 'unknown', 'released', 'waiting', 'prepared')),
    problem TEXT,
    PRIMARY KEY (job_id, number)
) STRICT;

-- The journal: a row is committed before a network hears of the step.
CREATE TABLE publish_steps (
    job_id BLOB NOT NULL REFERENCES publish_jobs (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- Whether the world can see the step's effect.
    is_public INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'accepted', 'refused', 'unknown')),
    fingerprint TEXT NOT NULL,
    idempotency_key TEXT,
    result TEXT,
    detail TEXT,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (job_id, attempt, name)
) STRICT;
