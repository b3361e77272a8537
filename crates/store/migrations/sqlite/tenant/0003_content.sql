-- The media library. A file's bytes lie in the media storage under <tenant>/<id>/<variant>.
CREATE TABLE contents (
    id BLOB NOT NULL PRIMARY KEY,
    type TEXT NOT NULL CHECK (type IN ('image', 'video', 'audio', 'document', 'caption')),
    status TEXT NOT NULL CHECK (status IN ('ready', 'processing', 'archived')),
    title TEXT NOT NULL,
    description TEXT,
    alt_text TEXT,
    tags TEXT NOT NULL,
    file_name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    -- What was found in the file: size, length, codecs, and the thumbnail's variant.
    facts TEXT NOT NULL,
    -- Title, description, tags and file name in lower case, for the search.
    search_text TEXT NOT NULL,
    uploaded_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX contents_created_at ON contents (created_at);

-- A file made to fit a network; its bytes lie beside the original.
CREATE TABLE renditions (
    content_id BLOB NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    -- A hash of what was done, so that the same is done once.
    recipe TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('working', 'ready', 'failed')),
    -- Thousandths that are done.
    progress INTEGER NOT NULL,
    -- Who makes it, and until when if there is no sign of life.
    worker BLOB,
    lease_until INTEGER,
    -- What came out: variant, type, size.
    result TEXT,
    -- What went wrong.
    problem TEXT,
    -- When it was last used; it is removed when that is long ago.
    used_at INTEGER NOT NULL,
    PRIMARY KEY (content_id, recipe)
) STRICT;
CREATE INDEX renditions_used_at ON renditions (used_at);

CREATE TABLE posts (
    id BLOB NOT NULL PRIMARY KEY,
    title TEXT,
    -- Derived from the targets' states; kept here for lists.
    status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'publishing', 'published', 'failed', 'needs_attention', 'cancelled')),
    parts TEXT NOT NULL,
    -- Title and texts in lower case, for the search.
    search_text TEXT NOT NULL,
    scheduled_at INTEGER,
    time_zone TEXT NOT NULL,
    created_by BLOB NOT NULL,
    -- Grows with every edit, so that two people can't overwrite each other's.
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX posts_updated_at ON posts (updated_at);
CREATE INDEX posts_scheduled_at ON posts (scheduled_at);

-- A post on one social account: what became of it there.
CREATE TABLE post_targets (
    id BLOB NOT NULL PRIMARY KEY,
    post_id BLOB NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    -- Its place in the post's list of targets.
    position INTEGER NOT NULL,
    account_id BLOB NOT NULL,
    platform TEXT NOT NULL,
    -- As it was called when it was chosen: it outlives the account.
    account_name TEXT NOT NULL,
    override_parts TEXT,
    -- The format, and what else is said of the post there.
    settings TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'publishing', 'published', 'failed', 'needs_attention', 'cancelled', 'deleted')),
    scheduled_at INTEGER,
    published_at INTEGER,
    platform_post_id TEXT,
    platform_post_url TEXT,
    -- What the connector needs to take the post down again.
    result TEXT,
    problem TEXT,
    attempts INTEGER NOT NULL,
    UNIQUE (post_id, account_id)
) STRICT;
CREATE INDEX post_targets_account_id ON post_targets (account_id);
-- What is planned or published around a time: networks limit how much.
CREATE INDEX post_targets_scheduled_at ON post_targets (platform, scheduled_at);

-- Which posts use which files.
CREATE TABLE content_uses (
    content_id BLOB NOT NULL,
    post_id BLOB NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (content_id, post_id)
) STRICT;
CREATE INDEX content_uses_post_id ON content_uses (post_id);
