CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    -- As the person writes it.
    email TEXT NOT NULL,
    -- As it is compared: in lower case.
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Argon2id, in the PHC string format.
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tenants (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    -- An IANA name.
    time_zone TEXT NOT NULL,
    -- Posts missed while the program was down are published up to this late; later ones ask.
    publish_late_within_minutes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
    tenant_id BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN
        ('owner', 'admin', 'manager', 'publisher', 'contributor', 'viewer', 'programmer')),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, person_id)
) STRICT;
CREATE INDEX memberships_person_id ON memberships (person_id);

-- One log-in of a person on one device.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    -- The organisation that the person last switched to. It may have removed him since.
    tenant_id BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    transport TEXT NOT NULL CHECK (transport IN ('bearer', 'cookie')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX sessions_person_id ON sessions (person_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Used ones stay until they expire, so that a stolen one is recognised.
CREATE TABLE refresh_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

CREATE TABLE invitations (
    id BLOB NOT NULL PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN
        ('owner', 'admin', 'manager', 'publisher', 'contributor', 'viewer', 'programmer')),
    token_hash BLOB NOT NULL UNIQUE,
    invited_by BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (tenant_id, email_key)
) STRICT;
CREATE INDEX invitations_expires_at ON invitations (expires_at);

CREATE TABLE api_tokens (
    id BLOB NOT NULL PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- Who made it, and in whose name it acts.
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'service')),
    -- Of a service token: its maker's role on that day, which it keeps.
    service_role TEXT CHECK (service_role IN
        ('owner', 'admin', 'manager', 'publisher', 'contributor', 'viewer', 'programmer')),
    name TEXT NOT NULL,
    -- Permissions, separated by spaces.
    scopes TEXT NOT NULL,
    hint TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    CHECK ((kind = 'service') = (service_role IS NOT NULL))
) STRICT;
CREATE INDEX api_tokens_tenant_id ON api_tokens (tenant_id);

-- Failed log-ins, counted per e-mail and per client address.
CREATE TABLE login_failures (
    -- `email:` and the hash of the e-mail, or `address:` and the address.
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    window_started_at INTEGER NOT NULL,
    locked_until INTEGER
) STRICT;
CREATE INDEX login_failures_window_started_at ON login_failures (window_started_at);
