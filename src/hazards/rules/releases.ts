import { inUse, onTable, quoted, type Rule, rule, sqlName } from '../rule.ts';

const validate = rule(
  ['validate-constraint'],
  {
    id: 'validate-in-same-transaction',
    squawk: ['constraint-missing-not-valid'],
    title: 'NOT VALID gains nothing when VALIDATE follows in the same transaction',
    category: 'blocking',
    lock: 'SHARE ROW EXCLUSIVE',
    work: 'scan',
    safe: 'VALIDATE stands in a later file, or Prisma 7.4 and later runs the file without BEGIN.',
    mode: 'whole file',
    why: 'The lock that ADD CONSTRAINT took is kept to the end of the transaction, and the scan runs under it.',
    remedy: 'Move VALIDATE CONSTRAINT to the next migration file.',
    rewrite: '-- next migration file:\nALTER TABLE orders VALIDATE CONSTRAINT orders_user_fkey;',
  },
  ({ table, name }, site) => {
    const constraint = site.world.table(table).constraints.get(name);
    if (constraint === undefined || constraint.transaction !== site.transaction || constraint.validated)
      return undefined;
    return onTable(site, table, {
      lock: constraint.kind === 'foreign' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE',
      suggestion: `-- next migration file:\nALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${quoted(name)};`,
    });
  },
);

const dropForeign = rule(
  ['drop-constraint'],
  {
    id: 'drop-foreign-key',
    squawk: [],
    title: 'Dropping a foreign key locks both tables',
    category: 'brief',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'No long transaction holds either table.',
    mode: 'whole file',
    why: 'The parent is locked as well, against reads and writes. Short by itself, but it waits for every transaction on either table, and everybody queues behind.',
    remedy: 'Nothing to change: keep lock-timeout short, and keep slow statements out of the file.',
    rewrite: '',
  },
  ({ table, name }, site) => {
    const own = site.world.table(table);
    const constraint = own.constraints.get(name);
    const foreign = constraint?.kind === 'foreign' || (constraint === undefined && /_fkey$/.test(name));
    if (!foreign || !own.existed) return undefined;
    const parent = constraint?.parent;
    const found = parent === undefined ? undefined : site.world.table(site.world.nameOf(parent));
    return onTable(site, table, found === undefined || !inUse(found) ? {} : { also: [found] });
  },
);

export const RELEASE_RULES: readonly Rule[] = [validate, dropForeign];
