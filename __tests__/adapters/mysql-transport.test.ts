import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MysqlCluster, startMysql } from '../../lab/mysql/index.ts';
import { createEngine } from '../../src/adapters/mysql/engine.ts';
import { grantsCreate } from '../../src/adapters/mysql/grants.ts';
import { transportOf } from '../../src/adapters/mysql/transport.ts';
import { parseConnectionUrl } from '../../src/domain/connection-url.ts';
import { firstProblem } from '../../src/domain/problem.ts';
import { Secret } from '../../src/domain/secret.ts';
import { describeMysql } from '../mysql.ts';

describe('the parameters of a MySQL URL', () => {
  const transport = (query: string) =>
    transportOf(parseConnectionUrl(`mysql://u:p@h/d?${query}`), '/nowhere');

  test.each([
    ['', true, false],
    ['connect_timeout=20', true, false],
    ['sslaccept=accept_invalid_certs', false, false],
    ['sslaccept=strict', false, true],
    ['sslaccept=nonsense', false, true],
  ])('%s', (query, plainIfNone, strict) => {
    expect(transport(query)).toEqual({
      plainIfNone,
      socket: undefined,
      tls: { rejectUnauthorized: strict, verifyIdentity: strict },
    });
  });

  test('a socket needs no TLS', () => {
    expect(transport('socket=(/run/my.sock)')).toEqual({
      tls: undefined,
      plainIfNone: false,
      socket: '/run/my.sock',
    });
  });
});

describe('the right to create tables', () => {
  const usage = 'GRANT USAGE ON *.* TO `u`@`%`';
  test.each<readonly [string, readonly string[], boolean]>([
    ['nothing', [usage], false],
    ['all of the database', [usage, 'GRANT ALL PRIVILEGES ON `my_db`.* TO `u`@`%`'], true],
    ['create among others', ['GRANT SELECT, CREATE, DROP ON `my\\_db`.* TO `u`@`%` WITH GRANT OPTION'], true],
    ['only views', ['GRANT SELECT, CREATE VIEW, CREATE ROUTINE ON `my_db`.* TO `u`@`%`'], false],
    ['everywhere', ['GRANT ALL PRIVILEGES ON *.* TO `u`@`%`'], true],
    [
      'everywhere but here',
      ['GRANT CREATE ON *.* TO `u`@`%`', 'REVOKE CREATE ON `my_db`.* FROM `u`@`%`'],
      false,
    ],
    ['a pattern', ['GRANT CREATE ON `my%`.* TO `u`@`%`'], true],
    ['a pattern of others', ['GRANT CREATE ON `your%`.* TO `u`@`%`'], false],
    ['one sign for any', ['GRANT CREATE ON `my-db`.* TO `u`@`%`'], false],
    ['a protected sign', ['GRANT CREATE ON `m\\_\\_db`.* TO `u`@`%`'], false],
    ['one table', ['GRANT ALL PRIVILEGES ON `my_db`.`t` TO `u`@`%`'], false],
    ['a role nobody lists', [usage, 'GRANT `writer`@`%` TO `u`@`%`'], true],
    ["MariaDB's password", ["GRANT CREATE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*94BD'"], true],
  ])('%s', (_name, lines, expected) => {
    expect(grantsCreate(lines, 'my_db')).toBe(expected);
  });
});

describeMysql('TLS to MySQL', (flavor) => {
  let cluster: MysqlCluster;
  const folder = mkdtempSync(join(tmpdir(), 'mysql-tls-'));

  const connect = async (query: string, host = 'localhost'): Promise<string> => {
    const url = `${cluster.url().replace('127.0.0.1', host)}?${query}`;
    try {
      const session = await createEngine({ baseDirectory: folder }).connect(new Secret(url));
      const { tls } = await session.facts();
      await session.close();
      return tls ? 'encrypted' : 'plain';
    } catch (error) {
      return firstProblem(error).code;
    }
  };

  beforeAll(async () => {
    cluster = await startMysql({ flavor, name: 'tls', archive: false, ssl: 'only' });
    writeFileSync(join(folder, 'ca.pem'), cluster.caCertificate ?? '');
  }, 60_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cluster?.stop();
  });

  test('Prisma speaks plain text where the URL asks for no TLS, so what refuses that is told', async () => {
    const refuses = async (query: string, port = cluster.port): Promise<unknown> => {
      const url = cluster.url().replace(`:${cluster.port}/`, `:${port}/`);
      const session = await createEngine().connect(new Secret(`${url}?${query}`));
      const { refusesPlain } = await session.facts();
      await session.close();
      return refusesPlain;
    };
    expect([await refuses(''), await refuses('sslaccept=accept_invalid_certs')]).toEqual([true, undefined]);
    // A proxy that takes plain text and goes on by a way the server holds for safe: here its socket.
    const [{ path } = {}] = await cluster.query('SELECT @@socket AS path');
    const sockets = new Set<Socket>();
    const proxy = createServer((client) => {
      const server = connectSocket(String(path));
      for (const socket of [client, server]) sockets.add(socket.on('error', () => client.destroy()));
      client.pipe(server).pipe(client);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    expect(await refuses('', port).finally(() => proxy.close())).toBeUndefined();
    for (const socket of sockets) socket.destroy();
    await cluster.query('SET GLOBAL require_secure_transport = 0');
    expect(await refuses('')).toBeUndefined();
    await cluster.query(`ALTER USER 'app'@'%' REQUIRE SSL`);
    expect(await refuses('')).toBe(true);
    await cluster.query(`ALTER USER 'app'@'%' REQUIRE NONE; SET GLOBAL require_secure_transport = 1`);
  });

  test.each([
    ['', 'encrypted'],
    ['sslaccept=accept_invalid_certs', 'encrypted'],
    ['sslaccept=strict', 'database-tls'],
    ['sslcert=ca.pem', 'encrypted'],
    ['sslcert=ca.pem&sslaccept=strict', 'encrypted'],
    ['sslcert=no.pem', 'database-tls'],
  ])('a server that insists on it, with %s', async (query, expected) => {
    expect(await connect(query)).toBe(expected);
  });
});
