/** Every kind of object once, for the changes below to act on. */
export const BASE = `
CREATE SCHEMA s; CREATE SCHEMA w; CREATE ROLE r; CREATE ROLE q; CREATE EXTENSION IF NOT EXISTS plpgsql;
CREATE TYPE s.mood AS ENUM ('sad', 'glad'); CREATE DOMAIN s.positive AS int; CREATE TYPE s.pair AS (a int, b int);
CREATE TABLE s.t (id int CONSTRAINT t_pk PRIMARY KEY, a text, b varchar(10), c int);
CREATE TABLE s.child (id int, t_id int CONSTRAINT child_fk REFERENCES s.t (id));
CREATE TABLE s.parted (k int) PARTITION BY RANGE (k); CREATE TABLE s.part (k int);
CREATE INDEX t_a ON s.t (a); CREATE SEQUENCE s.seq; CREATE VIEW s.v AS SELECT id FROM s.t;
CREATE MATERIALIZED VIEW s.m AS SELECT id FROM s.t;
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION s.tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.tf();
CREATE POLICY p ON s.t USING (id > 0); CREATE PUBLICATION pub FOR TABLE s.t;
INSERT INTO s.t SELECT n, n::text FROM generate_series(1, 50) n;
CREATE TABLE s.i (id int, t_id int); CREATE FOREIGN DATA WRAPPER base_fw; CREATE SERVER base_sv FOREIGN DATA WRAPPER base_fw;
    CREATE FUNCTION s.ef() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'`;

/** A change and its inverse: the first must give another digest, the second the first one again. */
export const CHANGES: readonly (readonly [string, string])[] = [
  ['CREATE SCHEMA x', 'DROP SCHEMA x'],
  ['ALTER SCHEMA s OWNER TO r', 'ALTER SCHEMA s OWNER TO postgres'],
  ['GRANT USAGE ON SCHEMA s TO r', 'REVOKE USAGE ON SCHEMA s FROM r'],
  ['CREATE TABLE s.n (id int)', 'DROP TABLE s.n'],
  ['ALTER TABLE s.t RENAME TO t2', 'ALTER TABLE s.t2 RENAME TO t'],
  ['ALTER TABLE s.t SET SCHEMA w', 'ALTER TABLE w.t SET SCHEMA s'],
  ['ALTER TABLE s.t OWNER TO r', 'ALTER TABLE s.t OWNER TO postgres'],
  ['GRANT SELECT ON s.t TO r', 'REVOKE SELECT ON s.t FROM r'],
  ['GRANT SELECT (a) ON s.t TO r', 'REVOKE SELECT (a) ON s.t FROM r'],
  ['ALTER TABLE s.t SET (fillfactor = 70)', 'ALTER TABLE s.t RESET (fillfactor)'],
  [
    'ALTER TABLE s.t SET (toast.autovacuum_enabled = off)',
    'ALTER TABLE s.t RESET (toast.autovacuum_enabled)',
  ],
  ['ALTER TABLE s.t ENABLE ROW LEVEL SECURITY', 'ALTER TABLE s.t DISABLE ROW LEVEL SECURITY'],
  ['ALTER TABLE s.t FORCE ROW LEVEL SECURITY', 'ALTER TABLE s.t NO FORCE ROW LEVEL SECURITY'],
  ['ALTER TABLE s.t REPLICA IDENTITY FULL', 'ALTER TABLE s.t REPLICA IDENTITY DEFAULT'],
  ['ALTER TABLE s.child SET UNLOGGED', 'ALTER TABLE s.child SET LOGGED'],
  ['ALTER TABLE s.child INHERIT s.i', 'ALTER TABLE s.child NO INHERIT s.i'],
  [
    'ALTER TABLE s.parted ATTACH PARTITION s.part FOR VALUES FROM (1) TO (2)',
    'ALTER TABLE s.parted DETACH PARTITION s.part',
  ],
  ['ALTER TABLE s.t ADD z int', 'ALTER TABLE s.t DROP z'],
  ['ALTER TABLE s.t ADD z int GENERATED ALWAYS AS IDENTITY', 'ALTER TABLE s.t DROP z'],
  ['ALTER TABLE s.t ADD z int GENERATED ALWAYS AS (id + 1) STORED', 'ALTER TABLE s.t DROP z'],
  ['ALTER TABLE s.t RENAME a TO a2', 'ALTER TABLE s.t RENAME a2 TO a'],
  ['ALTER TABLE s.t ALTER b TYPE varchar(20)', 'ALTER TABLE s.t ALTER b TYPE varchar(10)'],
  ['ALTER TABLE s.t ALTER a SET NOT NULL', 'ALTER TABLE s.t ALTER a DROP NOT NULL'],
  [`ALTER TABLE s.t ALTER a SET DEFAULT 'x'`, 'ALTER TABLE s.t ALTER a DROP DEFAULT'],
  ['ALTER TABLE s.t ALTER a SET STATISTICS 500', 'ALTER TABLE s.t ALTER a SET STATISTICS -1'],
  ['ALTER TABLE s.t ALTER a SET STORAGE external', 'ALTER TABLE s.t ALTER a SET STORAGE extended'],
  ['ALTER TABLE s.t ALTER a SET COMPRESSION pglz', 'ALTER TABLE s.t ALTER a SET COMPRESSION default'],
  ['ALTER TABLE s.t ALTER a SET (n_distinct = 5)', 'ALTER TABLE s.t ALTER a RESET (n_distinct)'],
  ['ALTER TABLE s.t ALTER a TYPE text COLLATE "C"', 'ALTER TABLE s.t ALTER a TYPE text'],
  ['ALTER TABLE s.t ADD CONSTRAINT k CHECK (c > 0)', 'ALTER TABLE s.t DROP CONSTRAINT k'],
  ['ALTER TABLE s.t ADD CONSTRAINT k CHECK (c > 0) NOT VALID', 'ALTER TABLE s.t DROP CONSTRAINT k'],
  [
    'ALTER TABLE s.child ALTER CONSTRAINT child_fk DEFERRABLE',
    'ALTER TABLE s.child ALTER CONSTRAINT child_fk NOT DEFERRABLE',
  ],
  ['ALTER TABLE s.t ADD CONSTRAINT u UNIQUE (a)', 'ALTER TABLE s.t DROP CONSTRAINT u'],
  ['ALTER TABLE s.t RENAME CONSTRAINT t_pk TO pk2', 'ALTER TABLE s.t RENAME CONSTRAINT pk2 TO t_pk'],
  ['CREATE INDEX n ON s.t (b)', 'DROP INDEX s.n'],
  ['CREATE INDEX n ON s.t (lower(b)) WHERE id > 1', 'DROP INDEX s.n'],
  ['ALTER INDEX s.t_a SET (fillfactor = 50)', 'ALTER INDEX s.t_a RESET (fillfactor)'],
  ['ALTER TABLE s.t CLUSTER ON t_a', 'ALTER TABLE s.t SET WITHOUT CLUSTER'],
  [
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 's.t_a'::regclass`,
    `UPDATE pg_index SET indisvalid = true WHERE indexrelid = 's.t_a'::regclass`,
  ],
  ['CREATE TRIGGER n AFTER UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION s.tf()', 'DROP TRIGGER n ON s.t'],
  ['ALTER TABLE s.t DISABLE TRIGGER tr', 'ALTER TABLE s.t ENABLE TRIGGER tr'],
  ['ALTER TABLE s.child DISABLE TRIGGER ALL', 'ALTER TABLE s.child ENABLE TRIGGER ALL'],
  ['CREATE RULE n AS ON DELETE TO s.t DO INSTEAD NOTHING', 'DROP RULE n ON s.t'],
  ['ALTER POLICY p ON s.t USING (id > 1)', 'ALTER POLICY p ON s.t USING (id > 0)'],
  ['ALTER POLICY p ON s.t TO r', 'ALTER POLICY p ON s.t TO public'],
  [
    'CREATE OR REPLACE VIEW s.v AS SELECT id FROM s.t WHERE id > 1',
    'CREATE OR REPLACE VIEW s.v AS SELECT id FROM s.t',
  ],
  ['ALTER VIEW s.v SET (security_barrier)', 'ALTER VIEW s.v RESET (security_barrier)'],
  ['REFRESH MATERIALIZED VIEW s.m WITH NO DATA', 'REFRESH MATERIALIZED VIEW s.m'],
  [
    `CREATE OR REPLACE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 2'`,
    `CREATE OR REPLACE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  ],
  ['ALTER FUNCTION s.f() STABLE', 'ALTER FUNCTION s.f() VOLATILE'],
  ['ALTER FUNCTION s.f() SECURITY DEFINER', 'ALTER FUNCTION s.f() SECURITY INVOKER'],
  ['ALTER FUNCTION s.f() SET work_mem = 1024', 'ALTER FUNCTION s.f() RESET work_mem'],
  ['ALTER FUNCTION s.f() OWNER TO r', 'ALTER FUNCTION s.f() OWNER TO postgres'],
  ['REVOKE EXECUTE ON FUNCTION s.f() FROM public', 'GRANT EXECUTE ON FUNCTION s.f() TO public'],
  [`CREATE PROCEDURE s.pr() LANGUAGE sql AS 'SELECT 1'`, 'DROP PROCEDURE s.pr()'],
  ['CREATE AGGREGATE s.ag (int) (SFUNC = int4pl, STYPE = int)', 'DROP AGGREGATE s.ag (int)'],
  [`ALTER TYPE s.mood RENAME VALUE 'sad' TO 'low'`, `ALTER TYPE s.mood RENAME VALUE 'low' TO 'sad'`],
  ['CREATE TYPE s.e2 AS ENUM ()', 'DROP TYPE s.e2'],
  ['ALTER DOMAIN s.positive ADD CONSTRAINT k CHECK (VALUE > 0)', 'ALTER DOMAIN s.positive DROP CONSTRAINT k'],
  ['ALTER DOMAIN s.positive SET DEFAULT 1', 'ALTER DOMAIN s.positive DROP DEFAULT'],
  ['ALTER TYPE s.pair ADD ATTRIBUTE c int', 'ALTER TYPE s.pair DROP ATTRIBUTE c'],
  ['CREATE TYPE s.rg AS RANGE (subtype = int)', 'DROP TYPE s.rg'],
  ['ALTER SEQUENCE s.seq INCREMENT 2', 'ALTER SEQUENCE s.seq INCREMENT 1'],
  ['ALTER SEQUENCE s.seq OWNED BY s.t.id', 'ALTER SEQUENCE s.seq OWNED BY NONE'],
  ['GRANT USAGE ON SEQUENCE s.seq TO r', 'REVOKE USAGE ON SEQUENCE s.seq FROM r'],
  ['CREATE EVENT TRIGGER et ON sql_drop EXECUTE FUNCTION s.ef()', 'DROP EVENT TRIGGER et'],
  ['ALTER PUBLICATION pub ADD TABLE s.child', 'ALTER PUBLICATION pub DROP TABLE s.child'],
  ['ALTER PUBLICATION pub SET TABLE s.t (id) WHERE (id > 1)', 'ALTER PUBLICATION pub SET TABLE s.t'],
  [
    `CREATE SUBSCRIPTION sub CONNECTION 'dbname=x' PUBLICATION pub WITH (connect = false)`,
    "DO $$ BEGIN ALTER SUBSCRIPTION sub SET (slot_name = NONE); EXECUTE 'DROP SUBSCRIPTION sub'; END $$",
  ],
  ['CREATE FOREIGN DATA WRAPPER fw', 'DROP FOREIGN DATA WRAPPER fw'],
  ['CREATE SERVER sv FOREIGN DATA WRAPPER base_fw', 'DROP SERVER sv'],
  [`CREATE USER MAPPING FOR r SERVER base_sv OPTIONS (user 'x')`, 'DROP USER MAPPING FOR r SERVER base_sv'],
  ['CREATE FOREIGN TABLE s.ft (a int) SERVER base_sv', 'DROP FOREIGN TABLE s.ft'],
  ['CREATE CAST (s.mood AS int) WITH INOUT', 'DROP CAST (s.mood AS int)'],
  [
    'CREATE OPERATOR s.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)',
    'DROP OPERATOR s.=== (int, int)',
  ],
  ['CREATE COLLATION s.co FROM "C"', 'DROP COLLATION s.co'],
  ['CREATE TEXT SEARCH CONFIGURATION s.ts (COPY = simple)', 'DROP TEXT SEARCH CONFIGURATION s.ts'],
  [
    'ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO r',
    'ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE SELECT ON TABLES FROM r',
  ],
  [`COMMENT ON TABLE s.t IS 'x'`, 'COMMENT ON TABLE s.t IS NULL'],
  [`COMMENT ON COLUMN s.t.a IS 'x'`, 'COMMENT ON COLUMN s.t.a IS NULL'],
  ['CREATE STATISTICS s.st ON a, b FROM s.t', 'DROP STATISTICS s.st'],
  ['ALTER DATABASE app SET work_mem = 2048', 'ALTER DATABASE app RESET work_mem'],
  ['ALTER ROLE r IN DATABASE app SET work_mem = 2048', 'ALTER ROLE r IN DATABASE app RESET work_mem'],
  ['GRANT CREATE ON DATABASE app TO r', 'REVOKE CREATE ON DATABASE app FROM r'],
  ['CREATE ROLE x', 'DROP ROLE x'],
  ['ALTER ROLE r CREATEDB', 'ALTER ROLE r NOCREATEDB'],
  ['GRANT r TO q', 'REVOKE r FROM q'],
];

/** What the fingerprint must not see. */
export const UNCHANGING: readonly string[] = [
  'ANALYZE s.t',
  'INSERT INTO s.t VALUES (1000)',
  'UPDATE s.t SET c = 1',
  'DELETE FROM s.t WHERE id = 1000',
  'TRUNCATE s.child',
  `SELECT nextval('s.seq')`,
  `SELECT setval('s.seq', 99)`,
  'VACUUM FULL s.t',
  'REINDEX TABLE s.t',
  'CREATE TABLE s.n (id serial PRIMARY KEY); DROP TABLE s.n',
  'ALTER TABLE s.t DROP c; ALTER TABLE s.t ADD c int',
  'DROP INDEX s.t_a; CREATE INDEX t_a ON s.t (a)',
  `DROP VIEW s.v; CREATE VIEW s.v AS SELECT id FROM s.t`,
  'CREATE TEMPORARY TABLE x (id int)',
  'REVOKE ALL ON s.child FROM r',
  `CREATE TABLE public._prisma_migrations (id varchar(36) PRIMARY KEY); COMMENT ON TABLE public._prisma_migrations IS 'x'; DROP TABLE public._prisma_migrations`,
  'CREATE TABLE w._prisma_migrations (id varchar(36) PRIMARY KEY)',
];
