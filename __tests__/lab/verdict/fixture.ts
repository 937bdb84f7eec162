/** What stands in every database before a case begins: a small shop with rows, and Prisma's history table. */

/** The definition that Prisma itself gives it. */
export const HISTORY = `CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL,
  finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0);`;

export const FIXTURE = `
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, age int CHECK (age >= 0), name varchar(20),
  mood mood, origin text DEFAULT 'seed');
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users, total numeric(8, 2), note text,
  origin text DEFAULT 'seed');
CREATE TABLE audit (line text, origin text DEFAULT 'seed');
INSERT INTO users (email, age, name) VALUES ('a@shop', 30, 'Ann'), ('b@shop', 41, 'Bob'), ('c@shop', NULL, 'Cid');
INSERT INTO orders VALUES (1, 1, 10.50, 'x'), (2, 1, 99.00, 'x'), (3, 2, 7.25, NULL);
CREATE FUNCTION log_line(text) RETURNS int LANGUAGE sql AS 'INSERT INTO audit (line) VALUES ($1) RETURNING 1';
CREATE PROCEDURE log_and_commit(text) LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO audit (line) VALUES ($1); COMMIT; END $$;
${HISTORY}
`;
