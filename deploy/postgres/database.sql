-- The database `duban`, made when it is not there, and who may enter it; run after roles.sql, as often as you like.
-- The cluster must be UTF-8 with a UTF-8 LC_CTYPE (such as C.UTF-8): under LC_CTYPE=C the trigrams of Chinese are empty.
SELECT statement
FROM (VALUES
    (1, 'CREATE DATABASE duban OWNER duban TEMPLATE template0 ENCODING ''UTF8''',
        NOT EXISTS (SELECT FROM pg_database WHERE datname = 'duban')),
    (2, 'REVOKE ALL ON DATABASE duban FROM PUBLIC', true),
    (3, 'GRANT CONNECT, TEMPORARY ON DATABASE duban TO duban_registry, duban_indicators, duban_notifier', true)
) AS step (position, statement, needed)
WHERE needed
ORDER BY position
\gexec
