-- The roles of Duban, made or brought up to date; run as a superuser, in any database, as often as you like:
--   psql -v duban_password=… -v duban_registry_password=… -v duban_indicators_password=… \
--        -v duban_notifier_password=… -f roles.sql -f database.sql
-- `duban` owns the database and runs the migrations, which give each service what it may touch.
-- The others are what the three services connect as: no superuser, nothing but their own schema and `platform`.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['duban', 'duban_registry', 'duban_indicators', 'duban_notifier'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I', wanted);
        END IF;
        EXECUTE format(
            'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', wanted);
        -- No answer depends on the zone or the date style of the machine.
        EXECUTE format('ALTER ROLE %I SET timezone TO ''UTC''', wanted);
        EXECUTE format('ALTER ROLE %I SET datestyle TO ''ISO, YMD''', wanted);
    END LOOP;
END
$$;
ALTER ROLE duban PASSWORD :'duban_password';
ALTER ROLE duban_registry PASSWORD :'duban_registry_password';
ALTER ROLE duban_indicators PASSWORD :'duban_indicators_password';
ALTER ROLE duban_notifier PASSWORD :'duban_notifier_password';
