-- name: Contact :one
SELECT * FROM contacts WHERE id = sqlc.arg(id);

-- name: ContactByExternalID :one
SELECT * FROM contacts WHERE external_id = sqlc.arg(external_id);

-- name: InsertContact :exec
INSERT INTO contacts (id, person_id, name, phone, email, external_id, signed, language, attributes, tags, device, created_at, last_seen_at, version)
VALUES (sqlc.arg(id), sqlc.arg(person_id), sqlc.arg(name), sqlc.arg(phone), sqlc.arg(email), sqlc.arg(external_id), sqlc.arg(signed), sqlc.arg(language),
    sqlc.arg(attributes), sqlc.arg(tags), sqlc.arg(device), sqlc.arg(created_at), sqlc.arg(last_seen_at), 1);

-- name: SaveContact :execrows
UPDATE contacts SET name = sqlc.arg(name), phone = sqlc.arg(phone), email = sqlc.arg(email), external_id = sqlc.arg(external_id), signed = sqlc.arg(signed),
    language = sqlc.arg(language), attributes = sqlc.arg(attributes), tags = sqlc.arg(tags),
    device = sqlc.arg(device), last_seen_at = sqlc.arg(last_seen_at), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: InsertPageView :exec
INSERT INTO page_views (id, contact_id, at, url, title, referrer)
VALUES (sqlc.arg(id), sqlc.arg(contact_id), sqlc.arg(at), sqlc.arg(url), sqlc.arg(title), sqlc.arg(referrer));

-- name: PageViews :many
SELECT at, url, title, referrer FROM page_views WHERE contact_id IN (SELECT c.id FROM contacts c WHERE c.person_id = sqlc.arg(person_id))
ORDER BY page_views.id DESC LIMIT sqlc.arg(most);

-- name: TrimPageViews :exec
DELETE FROM page_views WHERE at < sqlc.arg(before);

-- name: SeePerson :exec
UPDATE contacts SET last_seen_at = sqlc.arg(last_seen_at) WHERE id = sqlc.arg(id) AND last_seen_at < sqlc.arg(last_seen_at);

-- name: PersonOf :one
SELECT person_id FROM contacts WHERE id = sqlc.arg(id);

-- name: ContactsOfPerson :many
SELECT * FROM contacts WHERE person_id = sqlc.arg(person_id) ORDER BY id;

-- name: StandFor :exec
UPDATE contacts SET person_id = sqlc.arg(person_id) WHERE id = sqlc.arg(id);

-- name: DeleteMainIdentities :exec
DELETE FROM contact_identities WHERE contact_id = sqlc.arg(contact_id) AND main;

-- name: PutIdentity :exec
INSERT INTO contact_identities (contact_id, kind, value, shown, main, at, by_name)
VALUES (sqlc.arg(contact_id), sqlc.arg(kind), sqlc.arg(value), sqlc.arg(shown), sqlc.arg(main), sqlc.arg(at), sqlc.arg(by_name))
ON CONFLICT (contact_id, kind, value) DO UPDATE SET shown = excluded.shown, main = excluded.main;

-- name: DeleteIdentity :execrows
DELETE FROM contact_identities WHERE contact_id = sqlc.arg(contact_id) AND kind = sqlc.arg(kind) AND value = sqlc.arg(value) AND NOT main;

-- name: IdentitiesOfPerson :many
SELECT i.* FROM contact_identities i JOIN contacts c ON c.id = i.contact_id WHERE c.person_id = sqlc.arg(person_id) ORDER BY i.kind, i.at, i.value;

-- name: PeopleKnownBy :many
SELECT DISTINCT c.person_id FROM contact_identities i JOIN contacts c ON c.id = i.contact_id
WHERE i.kind = sqlc.arg(kind) AND i.value = sqlc.arg(value) ORDER BY c.person_id LIMIT sqlc.arg(most);

-- name: TwinsOf :many
SELECT DISTINCT o.person_id, i.kind FROM contacts c
JOIN contact_identities i ON i.contact_id = c.id
JOIN contact_identities j ON j.kind = i.kind AND j.value = i.value
JOIN contacts o ON o.id = j.contact_id
WHERE c.person_id = sqlc.arg(person_id) AND o.person_id <> c.person_id AND i.kind <> 'external'
ORDER BY o.person_id, i.kind LIMIT sqlc.arg(most);

-- name: SharedIdentities :many
SELECT i.kind, i.value FROM contact_identities i JOIN contacts c ON c.id = i.contact_id
WHERE i.kind <> 'external' AND (i.kind, i.value) > (sqlc.arg(kind), sqlc.arg(value))
GROUP BY i.kind, i.value HAVING COUNT(DISTINCT c.person_id) > 1 ORDER BY i.kind, i.value LIMIT sqlc.arg(most);

-- name: AddStrangers :exec
INSERT INTO contact_strangers (one_id, other_id, at, by_name) VALUES (sqlc.arg(one_id), sqlc.arg(other_id), sqlc.arg(at), sqlc.arg(by_name))
ON CONFLICT DO NOTHING;

-- name: StrangersOf :many
SELECT one_id, other_id FROM contact_strangers WHERE one_id = sqlc.arg(id) OR other_id = sqlc.arg(id);

-- name: InsertMerge :exec
INSERT INTO contact_merges (id, contact_id, other_id, at, by_name, undone_at, undone_by, body)
VALUES (sqlc.arg(id), sqlc.arg(contact_id), sqlc.arg(other_id), sqlc.arg(at), sqlc.arg(by_name), 0, '', sqlc.arg(body));

-- name: MergeRow :one
SELECT * FROM contact_merges WHERE id = sqlc.arg(id);

-- name: MergesInto :many
SELECT * FROM contact_merges WHERE contact_id = sqlc.arg(contact_id) ORDER BY id DESC LIMIT 100;

-- name: MergesOf :many
SELECT m.* FROM contact_merges m JOIN contacts c ON c.id = m.contact_id WHERE c.person_id = sqlc.arg(person_id) ORDER BY m.id DESC LIMIT 100;

-- name: UndoMerge :exec
UPDATE contact_merges SET undone_at = sqlc.arg(undone_at), undone_by = sqlc.arg(undone_by) WHERE id = sqlc.arg(id);

-- name: DeleteWords :exec
DELETE FROM contact_words WHERE contact_id = sqlc.arg(contact_id);

-- name: AddWord :exec
INSERT INTO contact_words (contact_id, name, value) VALUES (sqlc.arg(contact_id), sqlc.arg(name), sqlc.arg(value)) ON CONFLICT DO NOTHING;

-- name: UsedTags :many
SELECT value, COUNT(*) AS uses FROM contact_words WHERE name = 'tag' GROUP BY value ORDER BY COUNT(*) DESC, value LIMIT sqlc.arg(most);

-- name: InsertNote :exec
INSERT INTO contact_notes (id, contact_id, agent_id, by_name, text, pinned, at, changed_at)
VALUES (sqlc.arg(id), sqlc.arg(contact_id), sqlc.arg(agent_id), sqlc.arg(by_name), sqlc.arg(text), sqlc.arg(pinned), sqlc.arg(at), 0);

-- name: NotesOfPerson :many
SELECT n.* FROM contact_notes n JOIN contacts c ON c.id = n.contact_id WHERE c.person_id = sqlc.arg(person_id)
AND n.id < sqlc.arg(before) AND n.pinned = sqlc.arg(pinned) ORDER BY n.id DESC LIMIT sqlc.arg(most);

-- name: NoteRow :one
SELECT * FROM contact_notes WHERE id = sqlc.arg(id);

-- name: SaveNote :exec
UPDATE contact_notes SET text = sqlc.arg(text), pinned = sqlc.arg(pinned), changed_at = sqlc.arg(changed_at) WHERE id = sqlc.arg(id);

-- name: DeleteNote :exec
DELETE FROM contact_notes WHERE id = sqlc.arg(id);

-- name: ContactFields :many
SELECT * FROM contact_fields ORDER BY position, code;

-- name: AddContactField :execrows
INSERT INTO contact_fields (code, position, body, version) VALUES (sqlc.arg(code), sqlc.arg(position), sqlc.arg(body), 1)
ON CONFLICT (code) DO NOTHING;

-- name: SaveContactField :execrows
UPDATE contact_fields SET position = sqlc.arg(position), body = sqlc.arg(body), version = version + 1
WHERE code = sqlc.arg(code) AND version = sqlc.arg(version);

-- name: DeleteContactField :execrows
DELETE FROM contact_fields WHERE code = sqlc.arg(code);

-- name: ContactBlocked :one
SELECT EXISTS (
    SELECT 1 FROM contacts me JOIN contacts c ON c.person_id = me.person_id JOIN blocks b ON b.contact_id = c.id
    WHERE me.id = sqlc.arg(id) AND b.lifted_at = 0 AND b.kind = 'contact' AND (b.until = 0 OR b.until > sqlc.arg(now))
) OR EXISTS (
    SELECT 1 FROM contacts me JOIN contacts c ON c.person_id = me.person_id JOIN contact_identities i ON i.contact_id = c.id
    JOIN blocks b ON b.kind = i.kind AND b.value = i.value
    WHERE me.id = sqlc.arg(id) AND b.lifted_at = 0 AND (b.until = 0 OR b.until > sqlc.arg(now))
) AS blocked;

-- name: BlocksOfPerson :many
SELECT b.* FROM contacts c JOIN blocks b ON b.contact_id = c.id
WHERE c.person_id = sqlc.arg(person_id) AND b.lifted_at = 0 AND (b.until = 0 OR b.until > sqlc.arg(now))
UNION
SELECT b.* FROM contacts c JOIN contact_identities i ON i.contact_id = c.id JOIN blocks b ON b.kind = i.kind AND b.value = i.value
WHERE c.person_id = sqlc.arg(person_id) AND b.lifted_at = 0 AND (b.until = 0 OR b.until > sqlc.arg(now));

-- name: HeldBlock :one
SELECT * FROM blocks WHERE kind = sqlc.arg(kind) AND value = sqlc.arg(value) AND lifted_at = 0;

-- name: AddressBlocks :many
SELECT * FROM blocks WHERE kind = 'network' AND lifted_at = 0 ORDER BY id LIMIT 10000;

-- name: InsertBlock :exec
INSERT INTO blocks (id, kind, value, shown, contact_id, reason, at, by_name, until, lifted_at, lifted_by, lifted_why)
VALUES (sqlc.arg(id), sqlc.arg(kind), sqlc.arg(value), sqlc.arg(shown), sqlc.arg(contact_id), sqlc.arg(reason), sqlc.arg(at), sqlc.arg(by_name), sqlc.arg(until), 0, '', '');

-- name: BlockRow :one
SELECT * FROM blocks WHERE id = sqlc.arg(id);

-- name: LiftBlock :execrows
UPDATE blocks SET lifted_at = sqlc.arg(lifted_at), lifted_by = sqlc.arg(lifted_by), lifted_why = sqlc.arg(lifted_why) WHERE id = sqlc.arg(id) AND lifted_at = 0;

-- name: InsertStep :exec
INSERT INTO tried_steps (id, contact_id, conversation_id, text, helped, at, by_name)
VALUES (sqlc.arg(id), sqlc.arg(contact_id), sqlc.arg(conversation_id), sqlc.arg(text), sqlc.arg(helped), sqlc.arg(at), sqlc.arg(by_name));

-- name: StepsOfPerson :many
SELECT s.* FROM tried_steps s JOIN contacts c ON c.id = s.contact_id WHERE c.person_id = sqlc.arg(person_id) ORDER BY s.id DESC LIMIT sqlc.arg(most);

-- name: StepRow :one
SELECT * FROM tried_steps WHERE id = sqlc.arg(id);

-- name: DeleteStep :exec
DELETE FROM tried_steps WHERE id = sqlc.arg(id);

-- name: InsertImport :exec
INSERT INTO contact_imports (id, state, at, agent_id, by_name, body, version)
VALUES (sqlc.arg(id), sqlc.arg(state), sqlc.arg(at), sqlc.arg(agent_id), sqlc.arg(by_name), sqlc.arg(body), 1);

-- name: ImportRow :one
SELECT * FROM contact_imports WHERE id = sqlc.arg(id);

-- name: Imports :many
SELECT * FROM contact_imports WHERE id < sqlc.arg(before) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: SaveImport :execrows
UPDATE contact_imports SET state = sqlc.arg(state), body = sqlc.arg(body), version = version + 1 WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: PutImportRow :exec
INSERT INTO contact_import_rows (import_id, line, outcome, body) VALUES (sqlc.arg(import_id), sqlc.arg(line), sqlc.arg(outcome), sqlc.arg(body))
ON CONFLICT (import_id, line) DO UPDATE SET outcome = excluded.outcome, body = excluded.body;

-- name: ImportRows :many
SELECT * FROM contact_import_rows WHERE import_id = sqlc.arg(import_id) AND line > sqlc.arg(after) ORDER BY line LIMIT sqlc.arg(most);

-- name: AskedRows :many
SELECT * FROM contact_import_rows WHERE import_id = sqlc.arg(import_id) AND outcome = 'asked' ORDER BY line LIMIT sqlc.arg(most);

-- name: DropRows :exec
DELETE FROM contact_import_rows WHERE import_id = sqlc.arg(import_id);

-- name: DeleteImportRow :exec
DELETE FROM contact_import_rows WHERE import_id = sqlc.arg(import_id) AND line = sqlc.arg(line);
