-- The media library. A file's bytes lie in the media storage under <tenant>/<id>/<variant>.
CREATE TABLE contents (
    id uuid NOT NULL PRIMARY KEY,
    type TEXT NOT NULL CHECK (type IN ('image', 'video', 'audio', 'document', 'caption')),
    status TEXT NOT NULL CHECK (status IN ('ready', 'processing', 'archived')),
    title TEXT NOT NULL,
    description TEXT,
    alt_text TEXT,
    tags jsonb NOT NULL,
    file_name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    file_size bigint NOT NULL,
    sha256 bytea NOT NULL,
    -- What was found in the file: size, length, codecs, and the thumbnail's variant.
    facts jsonb NOT NULL,
    -- Title, description, tags and file name in lower case, for the search.
    search_text TEXT NOT NULL,
    uploaded_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX contents_created_at ON contents (created_at);

-- A file made to fit a network; its bytes lie beside the original.
CREATE TABLE renditions (
    content_id uuid NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    -- A hash of what was done, so that the same is done once.
    recipe TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('working', 'ready', 'failed')),
    -- Thousandths that are done.
    progress bigint NOT NULL,
    -- Who makes it, and until when if there is no sign of life.
    worker uuid,
    lease_until timestamptz,
    -- What came out: variant, type, size.
    result jsonb,
    -- What went wrong.
    problem jsonb,
    -- When it was last used; it is removed when that is long ago.
    used_at timestamptz NOT NULL,
    PRIMARY KEY (content_id, recipe)
);
CREATE INDEX renditions_used_at ON renditions (used_at);

CREATE TABLE posts (
    id uuid NOT NULL PRIMARY KEY,
    title TEXT,
    -- Derived from the targets' states; kept here for lists.
    status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'publishing', 'published', 'failed', 'needs_attention', 'cancelled')),
    parts jsonb NOT NULL,
    -- Title and texts in lower case, for the search.
    search_text TEXT NOT NULL,
    scheduled_at timestamptz,
    time_zone TEXT NOT NULL,
    created_by uuid NOT NULL,
    -- Grows with every edit, so that two people can't overwrite each other's.
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX posts_updated_at ON posts (updated_at);
CREATE INDEX posts_scheduled_at ON posts (scheduled_at);

-- A post on one social account: what became of it there.
CREATE TABLE post_targets (
    id uuid NOT NULL PRIMARY KEY,
    post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    -- Its place in the post's list of targets.
    position bigint NOT NULL,
    account_id uuid NOT NULL,
    platform TEXT NOT NULL,
    -- As it was called when it was chosen: it outlives the account.
    account_name TEXT NOT NULL,
    override_parts jsonb,
    -- The format, and what else is said of the post there.
    settings jsonb NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'publishing', 'published', 'failed', 'needs_attention', 'cancelled', 'deleted')),
    scheduled_at timestamptz,
    published_at timestamptz,
    platform_post_id TEXT,
    platform_post_url TEXT,
    -- What the connector needs to take the post down again.
    result jsonb,
    problem jsonb,
    attempts bigint NOT NULL,
    UNIQUE (post_id, account_id)
);
CREATE INDEX post_targets_account_id ON post_targets (account_id);
-- What is planned or published around a time: networks limit how much.
CREATE INDEX post_targets_scheduled_at ON post_targets (platform, scheduled_at);

-- Which posts use which files.
CREATE TABLE content_uses (
    content_id uuid NOT NULL,
    post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (content_id, post_id)
);
CREATE INDEX content_uses_post_id ON content_uses (post_id);
