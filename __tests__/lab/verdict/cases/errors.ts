import { both, half, kind, modes, same, type VerdictCase } from '../case.ts';

const error = kind('SQL error after DDL');
const lone = kind('SQL error, one statement');

/** A file whose second statement fails: all or nothing up to 7.3, the first one stays from 7.4 on. */
const second = (name: string, code: string, statement: string, setup?: string): VerdictCase =>
  error(
    name,
    {
      files: `CREATE TABLE extra (id int);\n\n-- this one fails\n${statement};\n`,
      ...(setup === undefined ? {} : { setup }),
    },
    modes(same(code, 4), half(code, 4)),
  );

const first = (name: string, code: string, statement: string, setup?: string): VerdictCase =>
  lone(
    name,
    { files: `-- alone\n${statement};\n`, ...(setup === undefined ? {} : { setup }) },
    both(same(code, 2)),
  );

export const errors: readonly VerdictCase[] = [
  second('undefined table', '42P01', 'ALTER TABLE missing ADD COLUMN x int'),
  second('undefined column', '42703', 'CREATE INDEX users_phone ON users (phone)'),
  second('undefined function', '42883', 'SELECT no_such_function(1)'),
  second('duplicate table', '42P07', 'CREATE TABLE users (id int)'),
  second('duplicate column', '42701', 'ALTER TABLE users ADD COLUMN email text'),
  second('not null on existing rows', '23502', 'ALTER TABLE users ALTER COLUMN age SET NOT NULL'),
  second('unique on existing rows', '23505', 'CREATE UNIQUE INDEX orders_user ON orders (user_id)'),
  second(
    'foreign key on existing rows',
    '23503',
    'ALTER TABLE orders ADD CONSTRAINT to_audit FOREIGN KEY (id) REFERENCES parts (id)',
    'CREATE TABLE parts (id int PRIMARY KEY);',
  ),
  second('check on existing rows', '23514', 'ALTER TABLE users ADD CONSTRAINT old CHECK (age > 35)'),
  second(
    'division by zero',
    '22012',
    'ALTER TABLE users ADD COLUMN share int DEFAULT (1 / (random()::int * 0))',
  ),
  second('cast that fails', '22P02', 'ALTER TABLE orders ALTER COLUMN note TYPE int USING note::int'),
  second('numeric overflow', '22003', 'ALTER TABLE orders ALTER COLUMN total TYPE numeric(3, 2)'),
  second('string too long', '22001', 'ALTER TABLE users ALTER COLUMN email TYPE varchar(2)'),
  second('invalid enum value', '22P02', `ALTER TABLE users ALTER COLUMN mood SET DEFAULT 'furious'`),
  second(
    'integer out of range',
    '22003',
    'ALTER TABLE users ALTER COLUMN age TYPE smallint USING age * 10000',
  ),
  second('invalid regular expression', '2201B', `ALTER TABLE users ADD CONSTRAINT shape CHECK (email ~ '[')`),
  second('drop with dependants', '2BP01', 'DROP TABLE users'),
  second('type in use', '42710', `CREATE TYPE mood AS ENUM ('x')`),
  second(
    'no unique constraint to refer to',
    '42830',
    'ALTER TABLE audit ADD FOREIGN KEY (line) REFERENCES users (name)',
  ),
  second('wrong default type', '42804', 'ALTER TABLE users ALTER COLUMN age SET DEFAULT true'),
  second('invalid schema', '3F000', 'CREATE TABLE nowhere.x (id int)'),
  second('DO block that raises', 'P0001', `DO $$ BEGIN RAISE EXCEPTION 'not today; really'; END $$`),
  second('extension that is not there', '0A000', 'CREATE EXTENSION no_such_extension'),
  second(
    'view over a column dropped later',
    '2BP01',
    'ALTER TABLE seen DROP COLUMN a',
    'CREATE TABLE seen (a int); CREATE VIEW sees AS SELECT a FROM seen;',
  ),

  first('unique on existing rows', '23505', 'ALTER TABLE orders ADD CONSTRAINT one_each UNIQUE (user_id)'),
  first('not null without default', '23502', 'ALTER TABLE users ADD COLUMN must text NOT NULL'),
  first('update that breaks a check', '23514', 'UPDATE users SET age = age - 35'),
  first('insert of a duplicate', '23505', `INSERT INTO users (email) VALUES ('new@shop'), ('a@shop')`),
  first('delete of a parent', '23503', 'DELETE FROM users'),
  first(
    'cte that writes and fails',
    '22012',
    `WITH gone AS (DELETE FROM orders RETURNING total) SELECT sum(total) / (count(*) * 0) FROM gone`,
  ),
  first('function that writes and fails', '22012', `SELECT log_line('x'), 1 / (count(*) * 0) FROM users`),
  first(
    'too many columns',
    '54011',
    `CREATE TABLE wide (${Array.from({ length: 1601 }, (_, i) => `c${i} int`).join(', ')})`,
  ),
  first(
    'DO block that writes and raises',
    'P0001',
    `DO $$ BEGIN INSERT INTO audit (line) VALUES ('x'); RAISE EXCEPTION 'no'; END $$`,
  ),
  first(
    'trigger that raises',
    'P0001',
    `UPDATE users SET name = 'x'`,
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
     CREATE TRIGGER refuse BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION refuse();`,
  ),
  first('not allowed in a transaction, alone, and refused', '42501', 'ALTER SYSTEM SET work_mem = 1024'),
  first('database that is not there', '3D000', 'DROP DATABASE no_such_database'),
];
