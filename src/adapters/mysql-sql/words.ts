import type { Token } from './lexer.ts';
import { isName, type Reading, setOf } from './reading.ts';

/** Words that may stand before the name of what a statement is about. */
const LEADING = setOf(`
  AGGREGATE ALGORITHM ALTER ANALYZE AND BEGIN CACHE CALL CHAIN CHECK CHECKSUM COMMIT COMPONENT CREATE DATABASE DEALLOCATE DEFAULT
  DELAYED DELETE DESC DESCRIBE DO DROP EVENT EXECUTE EXISTS EXPLAIN FLUSH FOR FROM FULLTEXT FUNCTION GLOBAL GRANT HANDLER
  HIGH_PRIORITY IF IGNORE IMMEDIATE INDEX INFILE INSERT INSTALL INTO KILL LOAD LOCAL LOCK LOW_PRIORITY NAMES NOT OFFLINE ON
  ONLINE OPTIMIZE OR PACKAGE PERSIST PLUGIN PREPARE PROCEDURE QUICK RELEASE RENAME REPAIR REPLACE RESET REVOKE ROLE ROLLBACK
  SAVEPOINT SCHEMA SELECT SEQUENCE SERVER SESSION SET SHOW SPATIAL START STATEMENT STOP TABLE TABLES TABLESPACE TEMPORARY TO
  TRANSACTION TRIGGER TRUNCATE UNINSTALL UNIQUE UNLOCK UPDATE USE USER VALUES VIEW WITH WORK XA`);
const MOST_WORDS = 10;
const LONGEST = 100;

/** The first words up to and including the first name: ``ALTER TABLE `users` ``. A definer is left out. */
export function labelOf({ tokens, words }: Reading): string {
  const label: string[] = [];
  for (let index = 0; index < tokens.length && label.length < MOST_WORDS; index += 1) {
    const token = tokens[index];
    if (!isName(token)) break;
    if (words[index] === 'DEFINER') index = afterDefiner(words, tokens, index) - 1;
    else if (LEADING.has(words[index] ?? '')) label.push(words[index] ?? '');
    else {
      label.push(nameAt(tokens, words, index));
      break;
    }
  }
  const text = label.join(' ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** After `DEFINER = user@host`. */
function afterDefiner(words: readonly string[], tokens: readonly Token[], index: number): number {
  const user = index + 3;
  return words[user] === '@' && tokens[user + 1] !== undefined ? user + 2 : user;
}

function nameAt(tokens: readonly Token[], words: readonly string[], index: number): string {
  let end = index + 1;
  while (words[end] === '.' && isName(tokens[end + 1])) end += 2;
  return tokens
    .slice(index, end)
    .map(({ text }) => text)
    .join('');
}

/** Reserved and other words of the language that nobody calls a table or a column without backticks. */
const LANGUAGE = setOf(`
  ADD AFTER ALL ALTER ANALYZE AND AS ASC AUTO_INCREMENT BEFORE BEGIN BETWEEN BIGINT BINARY BLOB BOOLEAN BOTH BY CALL CASCADE CASE
  CHANGE CHAR CHARACTER CHARSET CHECK COLLATE COLUMN COMMENT COMMIT CONSTRAINT CONTINUE CONVERT CREATE CROSS CURRENT_TIMESTAMP
  DATABASE DATETIME DECIMAL DECLARE DEFAULT DELETE DESC DETERMINISTIC DISTINCT DIV DO DOUBLE DROP DUPLICATE EACH ELSE ELSEIF END
  ENGINE ENUM EXISTS EXIT EXPLAIN FALSE FIRST FLOAT FOR FOREIGN FROM FULLTEXT FUNCTION GENERATED GRANT GROUP HAVING IF IGNORE IN
  INDEX INNER INNODB INSERT INT INTEGER INTERVAL INTO IS ITERATE JOIN JSON KEY KEYS LEADING LEAVE LEFT LIKE LIMIT LOAD LOCK
  LONGBLOB LONGTEXT LOOP MEDIUMBLOB MEDIUMINT MEDIUMTEXT MODIFY NATURAL NOT NULL NUMERIC ON OPTIMIZE OR ORDER OUT OUTER PARTITION
  PRECISION PRIMARY PROCEDURE RANGE READ REAL REFERENCES RENAME REPEAT REPLACE RESTRICT RETURN RETURNS REVOKE RIGHT ROLLBACK ROW
  SELECT SET SMALLINT SPATIAL SQL STORED TABLE TABLES TEMPORARY TEXT THEN TINYBLOB TINYINT TINYTEXT TO TRAILING TRANSACTION
  TRIGGER TRUE TRUNCATE UNION UNIQUE UNLOCK UNSIGNED UPDATE USE USING VALUES VARBINARY VARCHAR VIEW VIRTUAL WHEN WHERE WHILE WITH
  WRITE XOR ZEROFILL`);

/** Identifiers that occur in a statement, lower case, each once; variables and literals are not among them. */
export function namesIn({ tokens, words }: Reading): readonly string[] {
  const found = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (!isName(token) || words[index - 1] === '@') continue;
    if (token.kind === 'quoted') found.add(token.text.slice(1, -1).replaceAll('``', '`').toLowerCase());
    else if (!LANGUAGE.has(words[index] ?? '')) found.add(token.text.toLowerCase());
  }
  return [...found];
}
