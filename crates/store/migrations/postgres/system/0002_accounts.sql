-- OAuth clients as each server registered them, shared by all tenants.
CREATE TABLE network_apps (
    platform TEXT NOT NULL,
    server TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (platform, server, redirect_uri)
);

-- Connections that wait for a person to say yes on the network's page.
CREATE TABLE oauth_flows (
    state_hash bytea NOT NULL PRIMARY KEY,
    tenant_id uuid NOT NULL,
    person_id uuid NOT NULL,
    platform TEXT NOT NULL,
    account_id uuid,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX oauth_flows_expires_at ON oauth_flows (expires_at);

-- When each account's access token is to be renewed. A hint, so that it happens before a post needs
-- it: the truth is in the tenant's social_accounts.
CREATE TABLE token_renewals (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, account_id)
);
CREATE INDEX token_renewals_due_at ON token_renewals (due_at);

-- Pages, channels and organisations that wait for a person to choose among them.
CREATE TABLE account_offers (
    id uuid NOT NULL PRIMARY KEY,
    tenant_id uuid NOT NULL,
    person_id uuid NOT NULL,
    platform TEXT NOT NULL,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX account_offers_expires_at ON account_offers (expires_at);
