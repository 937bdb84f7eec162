/** What stands on a server before a case begins: the shop, another database beside it, and Prisma's history table. */

/** The definition that Prisma itself gives it. */
const HISTORY = `CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL,
  finished_at DATETIME(3), migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at DATETIME(3),
  started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0)
  DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;`;

/** Databases that a case may touch; made anew for each. */
export const DATABASES = ['shop', 'other'] as const;

export const FIXTURE = `
CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, email varchar(190) NOT NULL UNIQUE, age int, name varchar(20),
  origin varchar(10) DEFAULT 'seed', CONSTRAINT users_age CHECK (age >= 0));
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL, total decimal(8, 2), note text,
  origin varchar(10) DEFAULT 'seed', CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id));
CREATE TABLE audit (line varchar(60), origin varchar(10) DEFAULT 'seed');
INSERT INTO users (email, age, name) VALUES ('a@shop', 30, 'Ann'), ('b@shop', 41, 'Bob'), ('c@shop', NULL, 'Cid');
INSERT INTO orders VALUES (1, 1, 10.50, 'x', 'seed'), (2, 1, 99.00, 'x', 'seed'), (3, 2, 7.25, NULL, 'seed');
INSERT INTO audit (line) VALUES ('kept');
CREATE TABLE other.ledger (id int AUTO_INCREMENT PRIMARY KEY, line varchar(60));
INSERT INTO other.ledger (line) VALUES ('kept');
CREATE FUNCTION log_line(said varchar(60)) RETURNS int DETERMINISTIC MODIFIES SQL DATA
  BEGIN INSERT INTO audit (line) VALUES (said); RETURN 1; END;
CREATE PROCEDURE log_and_fail() BEGIN INSERT INTO audit (line) VALUES ('x'); SIGNAL SQLSTATE '45000'; END;
CREATE PROCEDURE log_it() BEGIN INSERT INTO audit (line) VALUES ('x'); END;
${HISTORY}
`;
