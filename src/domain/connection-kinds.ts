import { type Dialect, dialectOf } from './dialect.ts';
import { GuardError, problem } from './problem.ts';

export const invalid = (detail: string): GuardError => new GuardError(problem('url-invalid', detail));

const ACCELERATED = 'goes through a proxy that takes no timeouts';

/** Protocols that people try, and why they do not work here. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  prisma: `a Prisma Accelerate URL ${ACCELERATED}`,
  'prisma+postgres': `a Prisma Postgres URL ${ACCELERATED}`,
  mariadb: 'Prisma reaches MariaDB with mysql://',
  mysqlx: 'Prisma does not speak the X protocol: write mysql:// and the port of the classic one (3306)',
  jdbc: 'such a URL is for Java: write postgresql:// or mysql:// with user:password@ before the host',
  mongodb: 'MongoDB is not supported',
  'mongodb+srv': 'MongoDB is not supported',
  sqlserver: 'SQL Server is not supported',
  file: 'SQLite is not supported',
};

/** `mysql+pymysql://`, `mysql2://`, `postgresql+asyncpg://`: the driver of another language in front. */
const foreignDriver = (scheme: string): string | undefined => {
  const family = /^(mysql|mariadb|postgres(?:ql)?)(?:\d|\+)/.exec(scheme)?.[1];
  if (family === undefined) return undefined;
  return `it names a driver of another language: write ${family.startsWith('post') ? 'postgresql' : 'mysql'}://`;
};

/** The dialect that the protocol of a URL stands for. Throws `url-invalid` for any other, without quoting the URL. */
export function dialectOfUrl(text: string): Dialect {
  if (text === '') throw invalid('the URL is empty');
  if (/^["'`]/.test(text)) throw invalid('the URL begins with a quotation mark: remove the quotes');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? '';
  const dialect = dialectOf(scheme);
  if (dialect !== undefined) {
    if (!/^[a-z]+:\/\//i.test(text)) throw invalid('the URL lacks "//" after the protocol');
    return dialect;
  }
  const reason = OTHER_KINDS[scheme] ?? foreignDriver(scheme);
  if (reason !== undefined)
    throw invalid(`the protocol is ${scheme}${scheme === 'jdbc' ? ':' : '://'} and ${reason}`);
  throw invalid('the URL does not begin with postgresql://, postgres:// or mysql://');
}
