CREATE TABLE social_accounts (
    id uuid NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    platform_account_id TEXT NOT NULL,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    avatar_url TEXT,
    profile_url TEXT NOT NULL,
    limits jsonb NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('connected', 'expired', 'disconnected', 'error')),
    status_message TEXT,
    -- The sealed credentials; see the vault. Gone when the account is removed.
    secret bytea,
    expires_at timestamptz,
    -- When to renew them: a while before they expire, but not at once if they live but shortly.
    renew_at timestamptz,
    -- Grows with every change of the credentials, so that two refreshes can't overwrite each other.
    secret_version bigint NOT NULL,
    refresh_until timestamptz,
    connected_by uuid NOT NULL,
    connected_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    removed_at timestamptz,
    UNIQUE (platform, server, platform_account_id)
);

-- The organisation's own developer apps, by which its accounts are connected.
CREATE TABLE developer_apps (
    platform TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    -- The sealed client secret; see the vault.
    secret bytea NOT NULL,
    secret_hint TEXT NOT NULL,
    updated_by uuid NOT NULL,
    updated_at timestamptz NOT NULL
);
