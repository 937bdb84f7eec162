import { serverOf } from '../../lab/mysql/binaries.ts';
import type { Dialect } from '../../src/domain/dialect.ts';
import { mysqlStore } from './mysql.ts';
import { POSTGRES } from './postgres.ts';
import type { Store } from './store.ts';

/** Of MySQL and MariaDB the first server found plays (`MYSQLD` names another); throws where there is none. */
export const storeOf = (dialect: Dialect): Store =>
  dialect === 'postgresql' ? POSTGRES : mysqlStore(serverOf());
