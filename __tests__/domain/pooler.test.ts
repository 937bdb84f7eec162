import { expect, test } from '@jest/globals';
import { parseConnectionUrl } from '../../src/domain/connection-url.ts';
import { poolerSign } from '../../src/domain/pooler.ts';

test.each([
  ['shop.proxy-abc123.eu-west-1.rds.amazonaws.com:5432/d', 'RDS Proxy'],
  ['ep-cool-1-pooler.eu-central-1.aws.neon.tech/d', 'pooler'],
  ['aws-0-eu.pooler.supabase.com:5432/d', 'pooler'],
  ['pgbouncer.internal:5432/d', 'pooler'],
  ['db.internal:6432/d', 'port 6432'],
  ['db.internal:5432/d?pgbouncer=true', 'pgbouncer=true'],
  ['shop.abc123.eu-west-1.rds.amazonaws.com:5432/d', undefined],
  ['carpooler-db.internal/d?pgbouncer=false', undefined],
])('%s: %s', (rest, sign) => {
  expect(poolerSign(parseConnectionUrl(`postgresql://u:p@${rest}`))).toBe(sign);
});
