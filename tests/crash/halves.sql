-- How many rows and events are there one without the other: each is written in the savepoint of the other.
SELECT (SELECT count(*) FROM (SELECT id FROM team UNION ALL SELECT id FROM app UNION ALL SELECT id FROM api
                              UNION ALL SELECT id FROM version UNION ALL SELECT id FROM subscription
                              UNION ALL SELECT id FROM api_key)
        WHERE id NOT IN (SELECT subject_id FROM event))
     + (SELECT count(*) FROM event WHERE kind IN ('team.created', 'app.created', 'api.created', 'version.created')
        AND subject_id NOT IN (SELECT id FROM team UNION ALL SELECT id FROM app UNION ALL SELECT id FROM api
                               UNION ALL SELECT id FROM version))
     + (SELECT count(*) FROM subscription s WHERE s.state <> (SELECT json_extract(e.after, '$.state') FROM event e
        WHERE e.subject_id = s.id ORDER BY e.seq DESC LIMIT 1))
