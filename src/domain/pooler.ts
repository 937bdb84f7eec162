import type { ConnectionUrl } from './connection-parse.ts';

/**
 * What in a URL looks like a connection pooler. Migrations need a session of their own: Prisma's advisory lock and
 * our timeouts belong to it. Ports: PgBouncer 6432, Supavisor 6543; names: RDS Proxy, Neon, Supabase.
 */
export function poolerSign({ host, port, parameters }: ConnectionUrl): string | undefined {
  if (parameters.pgbouncer === 'true') return 'pgbouncer=true';
  if (/\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?$/i.test(host)) return 'RDS Proxy';
  if (/(?:^|[.-])(?:pooler|pgbouncer)(?:[.-]|$)/i.test(host)) return 'pooler';
  return port === 6432 || port === 6543 ? `port ${port}` : undefined;
}
