-- A skill names the certificate by which it is held; until when it holds stands
-- with the certificate alone. What was written beside skills becomes
-- certificates, where the agent has none of that name. The last day is that of
-- China's clocks.

-- +goose Up

ALTER TABLE agent_skills ADD COLUMN certificate_id BIGINT;

UPDATE agent_skills SET certificate = (SELECT s.name FROM skills s WHERE s.id = agent_skills.skill_id) WHERE certificate = '' AND ends_at > 0;
UPDATE agent_skills SET certificate = SUBSTR(certificate, 1, 100) WHERE certificate <> '';

-- The days since 1970 become a date as in Howard Hinnant's civil_from_days.
INSERT INTO certificates (id, agent_id, kind, name, issuer, number, issued_on, expires_on, attachment_id, note, warned, version)
SELECT (SELECT COALESCE(MAX(x.id), 0) FROM (SELECT id FROM certificates UNION ALL SELECT agent_id AS id FROM agent_skills) x) + ROW_NUMBER() OVER (ORDER BY e.agent_id, e.name),
    e.agent_id, 'certificate', e.name, '', '',
    CASE WHEN e.expires_on <> '' AND e.expires_on < CAST(CURRENT_DATE AS TEXT) THEN e.expires_on ELSE CAST(CURRENT_DATE AS TEXT) END, e.expires_on, NULL, '', 0, 1
FROM (
    SELECT agent_id, name,
        CASE WHEN ends_at = 0 THEN '' ELSE CAST(y AS TEXT) || CASE WHEN m < 10 THEN '-0' ELSE '-' END || CAST(m AS TEXT) || CASE WHEN d < 10 THEN '-0' ELSE '-' END || CAST(d AS TEXT) END AS expires_on
    FROM (
        SELECT agent_id, name, ends_at, yoe + era * 400 + CASE WHEN mp >= 10 THEN 1 ELSE 0 END AS y, CASE WHEN mp < 10 THEN mp + 3 ELSE mp - 9 END AS m, doy - (153 * mp + 2) / 5 + 1 AS d
        FROM (
            SELECT agent_id, name, ends_at, era, yoe, doy, (5 * doy + 2) / 153 AS mp
            FROM (
                SELECT agent_id, name, ends_at, era, yoe, doe - (365 * yoe + yoe / 4 - yoe / 100) AS doy
                FROM (
                    SELECT agent_id, name, ends_at, era, doe, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 AS yoe
                    FROM (
                        SELECT agent_id, name, ends_at, days / 146097 AS era, days - days / 146097 * 146097 AS doe
                        FROM (
                            SELECT agent_id, certificate AS name, MAX(ends_at) AS ends_at, (MAX(ends_at) - 1 + 28800000) / 86400000 + 719468 AS days
                            FROM agent_skills WHERE certificate <> '' GROUP BY agent_id, certificate
                        ) AS g
                    ) AS f1
                ) AS f2
            ) AS f3
        ) AS f4
    ) AS f5
) AS e
WHERE NOT EXISTS (SELECT 1 FROM certificates c WHERE c.agent_id = e.agent_id AND c.name = e.name);

UPDATE agent_skills SET certificate_id = (
    SELECT c.id FROM certificates c WHERE c.agent_id = agent_skills.agent_id AND c.name = agent_skills.certificate
    ORDER BY CASE WHEN c.expires_on = '' THEN '9999' ELSE c.expires_on END DESC, c.id LIMIT 1
) WHERE certificate <> '';

ALTER TABLE agent_skills DROP COLUMN certificate;
ALTER TABLE agent_skills DROP COLUMN ends_at;
CREATE INDEX agent_skills_certificate ON agent_skills (certificate_id) WHERE certificate_id IS NOT NULL;

-- +goose Down
