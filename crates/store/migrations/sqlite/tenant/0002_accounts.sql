CREATE TABLE social_accounts (
    id BLOB NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    platform_account_id TEXT NOT NULL,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    avatar_url TEXT,
    profile_url TEXT NOT NULL,
    limits TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('connected', 'expired', 'disconnected', 'error')),
    status_message TEXT,
    -- The sealed credentials; see the vault. Gone when the account is removed.
    secret BLOB,
    expires_at INTEGER,
    -- When to renew them: a while before they expire, but not at once if they live but shortly.
    renew_at INTEGER,
    -- Grows with every change of the credentials, so that two refreshes can't overwrite each other.
    secret_version INTEGER NOT NULL,
    refresh_until INTEGER,
    connected_by BLOB NOT NULL,
    connected_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    removed_at INTEGER,
    UNIQUE (platform, server, platform_account_id)
) STRICT;

-- The organisation's own developer apps, by which its accounts are connected.
CREATE TABLE developer_apps (
    platform TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    -- The sealed client secret; see the vault.
    secret BLOB NOT NULL,
    secret_hint TEXT NOT NULL,
    updated_by BLOB NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
