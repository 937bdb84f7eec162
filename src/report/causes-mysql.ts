import { deadlock, type Explain, lockWait, outside, said, tooLong } from './cause.ts';

/** By the number of MySQL's error (MySQL 8.4 error reference, server messages). */
export const MYSQL_CAUSES: Readonly<Record<string, Explain>> = {
  1317: (run) =>
    run.enforced === 'lock-timeout'
      ? lockWait(run)
      : run.enforced === 'statement-timeout' || run.stopReason !== undefined
        ? tooLong(run)
        : {
            why: 'Somebody cancelled the statement on the server.',
            fix: 'Ask who did, then deploy again.',
            elsewhere: true,
          },
  1205: lockWait,
  1213: deadlock,
  1064: said('MySQL does not understand the SQL.', 'Correct the SQL.'),
  1065: said(
    'The file holds no SQL, and MySQL takes that for an error.',
    'Put a statement into it, or SELECT 1;',
  ),
  1227: said(
    'The user lacks a right on the whole server. On RDS nobody has SUPER.',
    'Take SET GLOBAL, a DEFINER of another user or the like out of the file, or grant the right that is named.',
  ),
  1419: outside(
    'The server writes a binary log, so only SUPER, which nobody has on RDS, may create a trigger or a function.',
    'Set log_bin_trust_function_creators to 1 in the parameter group (no restart is needed), then deploy again.',
  ),
  1142: outside('The user may not do this to the table.', 'Grant the right, or deploy with another user.'),
  1044: outside('The user may not use this database.', 'Grant the right, or deploy with another user.'),
  1050: said(
    'The table exists already, made by hand or by another migration.',
    'Compare it with the migration, then drop or rename it, or take the statement out.',
  ),
  1060: said('The column exists already.', 'Take the statement out, or drop the column first.'),
  1061: said('An index of that name exists already.', 'Take the statement out, or drop the index first.'),
  1146: said('The table does not exist in this database.', 'Check its name and the order of the migrations.'),
  1054: said(
    'The column does not exist in this database.',
    'Check its name and the order of the migrations.',
  ),
  1091: said(
    'The column or index to drop does not exist.',
    'Check its name, and whether it was dropped by hand.',
  ),
  1062: said('Existing rows hold the same value twice.', 'Remove the duplicates first.'),
  1138: said('Existing rows have no value for the column.', 'Fill the rows first.'),
  1265: said(
    'Existing values do not fit the new type, or are NULL where no NULL is allowed.',
    'Repair those rows first.',
  ),
  1406: said('Existing values are longer than the new type allows.', 'Shorten them first.'),
  1264: said('Existing values are out of the range of the new type.', 'Repair those rows first.'),
  1452: said('Existing rows point to rows that do not exist.', 'Repair or delete those rows first.'),
  1451: said('Other rows still point to these rows.', 'Delete or repair those rows first.'),
  3819: said('Existing rows break the new check.', 'Repair those rows first.'),
  1290: outside('The server is read-only.', 'Use the endpoint of the writer.'),
  1836: outside('The server is read-only.', 'Use the endpoint of the writer.'),
  1114: outside(
    'The disk or the temporary space of the database is full.',
    'Give the database more storage.',
  ),
  1846: said(
    'The server cannot make this change in the way that ALGORITHM or LOCK in the statement demands.',
    'Make the change in another way, or take the demand out and accept that writers wait.',
  ),
};
