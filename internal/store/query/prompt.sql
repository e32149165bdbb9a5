-- name: PromptRows :many
SELECT * FROM prompts ORDER BY key;

-- name: PromptRow :one
SELECT * FROM prompts WHERE key = sqlc.arg(key);

-- name: PromptsRevision :one
SELECT CAST((SELECT COALESCE(SUM(p.rev), 0) FROM prompts p) + (SELECT COALESCE(SUM(c.rev), 0) FROM prompt_clips c) AS BIGINT);

-- name: AddPromptRow :execrows
INSERT INTO prompts (key, zh, en, by_name, at, rev)
VALUES (sqlc.arg(key), sqlc.arg(zh), sqlc.arg(en), sqlc.arg(by_name), sqlc.arg(at), 1) ON CONFLICT DO NOTHING;

-- name: SavePromptRow :execrows
UPDATE prompts SET zh = sqlc.arg(zh), en = sqlc.arg(en), by_name = sqlc.arg(by_name), at = sqlc.arg(at), rev = rev + 1
WHERE key = sqlc.arg(key) AND rev = sqlc.arg(rev);

-- name: PromptClipRows :many
SELECT * FROM prompt_clips ORDER BY language, clip;

-- name: PromptClipRow :one
SELECT * FROM prompt_clips WHERE language = sqlc.arg(language) AND clip = sqlc.arg(clip);

-- name: SavePromptClip :exec
INSERT INTO prompt_clips (language, clip, file, said, ms, by_name, at, rev)
VALUES (sqlc.arg(language), sqlc.arg(clip), sqlc.arg(file), sqlc.arg(said), sqlc.arg(ms), sqlc.arg(by_name), sqlc.arg(at), 1)
ON CONFLICT (language, clip) DO UPDATE SET file = excluded.file, said = excluded.said, ms = excluded.ms,
    by_name = excluded.by_name, at = excluded.at, rev = prompt_clips.rev + 1;
