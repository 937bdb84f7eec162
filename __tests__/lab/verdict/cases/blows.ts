import {
  type Blow,
  both,
  fine,
  half,
  kind,
  type Meanwhile,
  modes,
  same,
  unsure,
  type VerdictCase,
} from '../case.ts';

/** Prisma's word for a connection that ended under it. */
const LOST = 'P1017';
const blows = kind('blows of fate');
const traffic = kind('application at work');

/** The server does not notice a dead client within one second, and does within five (`client_connection_check_interval`). */
const ddl = (seconds: number): string =>
  `CREATE TABLE extra (id int);\nSELECT pg_sleep(${seconds});\nCREATE TABLE more (id int);\n`;
const rows = (seconds: number): string =>
  `INSERT INTO audit (line) VALUES ('x');\nSELECT pg_sleep(${seconds});\nDELETE FROM orders;\n`;
const alone = (seconds: number): string =>
  `WITH s AS MATERIALIZED (SELECT pg_sleep(${seconds})) UPDATE users SET name = 'x' FROM s;\n`;
const at = (blow: Blow): Meanwhile => ({ at: 'pg_sleep', blow });

const BUSY = `INSERT INTO audit (line, origin) VALUES ('t$n', 'app'); INSERT INTO users (email, origin) VALUES ('app$n', 'app') ON CONFLICT DO NOTHING; UPDATE users SET age = $n WHERE origin = 'app'`;
const ELSEWHERE = `INSERT INTO orders (id, user_id, origin) VALUES (1000 + $n, 2, 'app') ON CONFLICT DO NOTHING`;

export const fate: readonly VerdictCase[] = [
  blows(
    'backend terminated, schema',
    { files: ddl(20), meanwhile: at('terminate') },
    modes(same(LOST), half(LOST)),
  ),
  blows(
    'backend terminated, rows',
    { files: rows(20), meanwhile: at('terminate') },
    modes(unsure('same', LOST), unsure('different', LOST)),
  ),
  blows(
    'backend cancelled, schema',
    { files: ddl(20), meanwhile: at('cancel') },
    modes(same('57014'), half('57014')),
  ),
  blows(
    'backend cancelled, rows',
    { files: rows(20), meanwhile: at('cancel') },
    modes(same('57014'), unsure('different', '57014')),
  ),
  blows('CLI killed, the engine ends the file', { files: ddl(1), meanwhile: at('kill-cli') }, both(fine())),
  blows(
    'CLI killed, stopped by the guard',
    { files: ddl(20), meanwhile: at('kill-cli') },
    modes(same(null), half(null)),
  ),
  blows(
    'engine killed, the server commits, schema',
    { files: ddl(1), meanwhile: at('kill-engine') },
    both(half(null)),
  ),
  blows(
    'engine killed, the server commits, rows',
    { files: rows(1), meanwhile: at('kill-engine') },
    both(unsure('different', null)),
  ),
  blows(
    'engine killed, the server commits, one update',
    { files: alone(1), meanwhile: at('kill-engine') },
    both(unsure('different', null)),
  ),
  blows(
    'engine killed, the server notices, schema',
    { files: ddl(9), meanwhile: at('kill-engine') },
    modes(same(null), half(null)),
  ),
  blows(
    'engine killed, the server notices, rows',
    { files: rows(9), meanwhile: at('kill-engine') },
    modes(unsure('same', null), unsure('different', null)),
  ),
  blows(
    'both killed, the server commits, rows',
    { files: rows(1), meanwhile: at('kill-both') },
    both(unsure('different', null)),
  ),
  blows(
    'both killed, the server commits, schema',
    { files: ddl(1), meanwhile: at('kill-both') },
    both(half(null)),
  ),
  blows(
    'both killed, the second of two files',
    { files: { '1_first': 'CREATE TABLE a (id int);', '2_second': rows(1) }, meanwhile: at('kill-both') },
    both(half(null, undefined, { failed: '2_second' })),
  ),
  blows(
    'connection cut, the server commits, rows',
    { files: rows(1), meanwhile: at('cut') },
    both(unsure('different')),
  ),
  blows(
    'connection cut, the server notices, schema',
    { files: ddl(9), meanwhile: at('cut') },
    modes(same(LOST), half(LOST)),
  ),
  blows(
    'server crashes, schema',
    { alone: true, files: ddl(20), meanwhile: at('crash') },
    modes(same(LOST), half(LOST)),
  ),
  blows(
    'server crashes, rows',
    { alone: true, files: rows(20), meanwhile: at('crash') },
    modes(unsure('same'), unsure('different')),
  ),
  blows(
    'server crashes, one update, counters at zero',
    { alone: true, admin: 'SELECT pg_stat_reset();', files: alone(20), meanwhile: at('crash') },
    both(unsure('same')),
  ),
  blows(
    'server crashes and empties an unlogged table',
    {
      alone: true,
      setup: `CREATE UNLOGGED TABLE cache AS SELECT 1 AS a;`,
      files: alone(20),
      meanwhile: at('crash'),
    },
    both(unsure('different')),
  ),
  blows(
    'server gone for good',
    { slow: true, alone: true, files: ddl(20), meanwhile: at('crash-for-good') },
    modes(unsure('same'), unsure('different')),
  ),

  traffic(
    'schema fails',
    {
      files: 'CREATE TABLE extra (id int);\nSELECT pg_sleep(0.5);\nSELECT missing;\n',
      meanwhile: { traffic: BUSY },
    },
    modes(same('42703', 3), half('42703', 3)),
  ),
  traffic(
    'rows of the same table fail',
    {
      files: `UPDATE users SET name = 'x' WHERE origin = 'seed';\nSELECT pg_sleep(0.3);\nSELECT missing;\n`,
      meanwhile: { traffic: BUSY },
    },
    modes(same('42703', 3), half('42703', 3)),
  ),
  traffic(
    'one update of the same table fails',
    { files: `UPDATE users SET age = -1 WHERE origin = 'seed';\n`, meanwhile: { traffic: BUSY } },
    both(same('23514', 1)),
  ),
  traffic(
    'only other tables are written to',
    {
      files: `DELETE FROM audit WHERE line = 'none';\nSELECT pg_sleep(0.3);\nSELECT missing;\n`,
      meanwhile: { traffic: ELSEWHERE },
    },
    modes(same('42703', 3), unsure('same', '42703', 3)),
  ),
  traffic(
    'the engine is killed',
    { files: rows(1), meanwhile: { ...at('kill-engine'), traffic: BUSY } },
    both(unsure('different')),
  ),
  traffic(
    'the migration only reads',
    {
      files: 'SELECT count(*) FROM users;\nSELECT pg_sleep(0.3);\nSELECT missing;\n',
      meanwhile: { traffic: BUSY },
    },
    both(same('42703', 3)),
  ),
  traffic(
    'a wrapped file fails',
    {
      files: `BEGIN;\nUPDATE users SET name = 'x' WHERE origin = 'seed';\nSELECT missing;\nCOMMIT;\n`,
      meanwhile: { traffic: BUSY },
    },
    both(same('42703', 3)),
  ),
  traffic(
    'somebody else makes a table meanwhile',
    {
      files: 'SELECT pg_sleep(1);\nSELECT missing;\n',
      meanwhile: { beside: 'CREATE TABLE theirs (id int)', at: 'pg_sleep', blow: 'nothing' },
    },
    both(half('42703', 2)),
  ),
];
