-- See fixture_system.sql.
INSERT INTO developer_apps VALUES ('x', 'id', x'00', 'tail', x'01920000000070008000000000000001', 1);
INSERT INTO outbox (id, kind, subject_id, at, data) VALUES
    (x'01920000000070008000000000000061', 'post.created', x'01920000000070008000000000000071', 1790000000123457, '{"b": [1.50, null, true], "aa": "Grüße \"quoted\" 😀"}'),
    (x'01920000000070008000000000000062', 'post.updated', x'01920000000070008000000000000071', 1790000000123458, '{}'),
    (x'01920000000070008000000000000063', 'post.deleted', x'01920000000070008000000000000071', 1790000000123459, '{}');
-- Its number must not be given again.
DELETE FROM outbox WHERE kind = 'post.deleted';
-- More than one batch.
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1201)
INSERT INTO idempotency_keys SELECT randomblob(32), x'01', NULL, NULL, n FROM numbers;
INSERT INTO idempotency_keys VALUES (x'02', x'03', 201, '{"not":   "touched"}', 1);
INSERT INTO social_accounts VALUES
    (x'01920000000070008000000000000041', 'mastodon', 'https://social.example', '1', 'zoë', 'Zoë', NULL, 'https://social.example/@z', '{"maxCharacters": 500}', 'connected', NULL, NULL, NULL, NULL, 1, NULL, x'01920000000070008000000000000001', 1, 2, NULL),
    (x'01920000000070008000000000000042', 'bluesky', '', '2', 'b', 'B', 'https://a.example/a', '', '[]', 'expired', 'Gone.', randomblob(300000), 1790000000123457, 1789999999123457, 2, 3, x'01920000000070008000000000000001', 1, 2, 3);
INSERT INTO contents VALUES
    (x'01920000000070008000000000000081', 'image', 'ready', 'T', NULL, NULL, '[]', 'a.png', 'image/png', 9007199254740993, randomblob(32), '{}', 't', x'01920000000070008000000000000001', 1, 2),
    (x'01920000000070008000000000000082', 'video', 'archived', 'T', 'D', 'A', '["ä", "ö"]', 'b.mp4', 'video/mp4', 0, x'', '{"width": 1}', '', x'01920000000070008000000000000001', 1, 2);
INSERT INTO renditions VALUES
    (x'01920000000070008000000000000081', 'a1', 'ready', 1000, NULL, NULL, '{"bytes": 9007199254740993, "variant": "a1.jpg"}', NULL, 3),
    (x'01920000000070008000000000000082', 'b2', 'working', 7, x'01920000000070008000000000000051', 1790000090123457, NULL, '"does_not_fit"', 1);
INSERT INTO posts VALUES
    (x'01920000000070008000000000000071', NULL, 'scheduled', '[{"text": "Hallo 👩‍👩‍👧‍👦\n", "media": []}]', 'hallo', 1790000000123457, 'Europe/Berlin', x'01920000000070008000000000000001', 1, 1, 2),
    (x'01920000000070008000000000000072', 'A title', 'draft', '[]', '', NULL, 'UTC', x'01920000000070008000000000000001', 2, 1, 2);
INSERT INTO post_targets VALUES
    (x'01920000000070008000000000000091', x'01920000000070008000000000000071', 0, x'01920000000070008000000000000041', 'mastodon', 'zoë', NULL, '{}', 'publishing', NULL, NULL, NULL, NULL, NULL, NULL, 0),
    (x'01920000000070008000000000000092', x'01920000000070008000000000000071', 1, x'01920000000070008000000000000042', 'bluesky', 'b', '[]', '{"format": "post", "options": {"a": 1}}', 'failed', 1, 2, '3', 'https://b.example/3', '[{"name": "post"}]', '{"code": "refused"}', 9);
INSERT INTO content_uses VALUES (x'01920000000070008000000000000081', x'01920000000070008000000000000071');
INSERT INTO publish_jobs VALUES
    (x'01920000000070008000000000000091', x'01920000000070008000000000000071', x'01920000000070008000000000000041', 'running', 1, 1, 1790000000123457, 1, 2, x'01920000000070008000000000000051', 1790000090123457),
    (x'01920000000070008000000000000092', x'01920000000070008000000000000071', x'01920000000070008000000000000042', 'done', 0, 1, 2, 0, 0, NULL, NULL);
INSERT INTO publish_attempts VALUES
    (x'01920000000070008000000000000091', 1, 1, NULL, 'running', NULL),
    (x'01920000000070008000000000000092', 1, 1, 2, 'failed', '{"code": "refused"}');
INSERT INTO publish_steps VALUES
    (x'01920000000070008000000000000091', 1, 'post', 1, 'sent', 'abc', NULL, NULL, NULL, 1, NULL),
    (x'01920000000070008000000000000091', 1, 'upload', 0, 'accepted', 'def', 'key', '{"id": "1"}', 'd', 1, 2);
