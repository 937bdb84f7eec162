import type { Problem } from '../../domain/problem.ts';
import { because, cliKind, field, kindOf, when } from '../advice.ts';
import { shell } from '../words.ts';
import type { Wording } from './inputs.ts';
import type { NoticeWording } from './notices.ts';

/** Going back: rollback, promotion, cleanup. */
export const backTexts = {
  'restore-point-unknown': (p) => ({
    what: `No snapshot and no restored database carries the tags of run ${field(p, 'run', 'that was given')}, so its restore point is not known.`,
    next: 'Give the second to go back to in the input restore-time; the log and the Slack message of that run name it. Tags are missing when the run used "snapshot: skip" or when its snapshot was deleted.',
  }),
  'restore-point-outside': (p) => ({
    what: `AWS cannot restore ${field(p, 'instance', 'this database')} to ${field(p, 'time', 'that second')}${when(p, 'earliest', (earliest) => `: the restorable window is ${earliest} to ${field(p, 'latest', 'now')}`) || because(p)}, and no snapshot of that run can stand in.`,
    next: 'Choose a second inside the window, or give a snapshot in snapshot-identifier.',
  }),
  'snapshot-not-found': (p) => ({
    what: `The snapshot ${field(p, 'snapshot', 'that was given')} ${when(p, 'status', (status) => `cannot be restored: its state is ${status}`) || 'does not exist in this region and account'}.`,
    next: 'Look at the list of snapshots in the RDS console and give another one in snapshot-identifier, or a second in restore-time.',
  }),
  'snapshot-foreign': (p) => ({
    what: `The snapshot ${field(p, 'snapshot', 'that was given')} was taken of ${field(p, 'source', 'another database')}, not of ${field(p, 'instance', 'this one')}.`,
    ...elsewhere(p),
  }),
  'write-loss-exceeded': (p) => ({
    what: `A cut-over would lose ${field(p, 'rows', 'an unknown number of')} row${field(p, 'rows', '') === '1' ? '' : 's'} written to production since ${field(p, 'since', 'the restore point')}; max-write-loss allows ${field(p, 'limit', 'fewer')}.`,
    next:
      field(p, 'rows', '') === ''
        ? 'No max-write-loss allows an unknown number. Find out what was written since, copy over what matters, leave max-write-loss out and run the job again.'
        : 'Decide which of these rows matter: the job summary lists the tables. Copy them over first, or raise max-write-loss and run the job again.',
  }),
  'resource-ambiguous': (p) => ({
    what: `Several databases have the same resource id${when(p, 'instances', (names) => ` (${names})`)}, so a change meant for one could hit another, and none was asked for.`,
    next: 'AWS gives every database a DbiResourceId of its own. Where AWS_ENDPOINT_URL leads to an emulator, use one that does the same; on AWS, report this with the log.',
  }),
  'promotion-refused': (p) => ({
    what: `The cut-over was not begun${because(p)}.`,
    next: 'Remove that cause, then run "mode: promote" again with the same inputs. Nothing has to be undone.',
  }),
  'promotion-failed': (p) => ({
    what: `The cut-over stopped${when(p, 'step', (step) => ` at this step: ${step}`)}${because(p)}.`,
    next: 'Run "mode: promote" again with the same inputs: it finds out how far this got and goes on from there. "promote: undo" puts the old database back.',
  }),
  'promotion-unverified': (p) => ({
    what: `The production endpoint${when(p, 'endpoint', (name) => ` ${name}`)} does not reach the restored database${because(p)}.`,
    next: 'Old addresses can stay in DNS caches for some minutes. Run "mode: promote" again with the same inputs to check once more.',
  }),
  'promotion-unknown': (p) => ({
    what:
      when(p, 'restored', (name) => `There is no restored ${kindOf(p)} ${name}.`) ||
      when(p, 'run', (run) => `No restored database of run ${run} was found that could take over.`) ||
      `No promotion of ${field(p, 'instance', 'this database')} was found that could go on or be undone.`,
    next: 'Give the restored database in restored-identifier, or the run that made it in run-id. "mode: cleanup" without confirm lists those of this database, and "mode: rollback" restores one.',
  }),
  'promotion-half-done': (p) => ({
    what: `A promotion of ${field(p, 'instance', 'this database')} was begun${when(p, 'run', (run) => ` by run ${run}`)} and has no end: which database has its name may change at any moment.`,
    next: 'Finish it first with a job that has these inputs. To keep the old database, give "promote: undo" instead.',
    run: inputs([
      ['mode', 'promote'],
      [`${cliKind(p)}-identifier`, field(p, 'instance', '')],
      ['restored-identifier', field(p, 'restored', '')],
      ['promote', field(p, 'by', 'rename')],
      ['confirm', field(p, 'instance', '')],
    ]),
  }),
  'instance-gone': (p) => ({
    what: `The ${kindOf(p)} ${field(p, ['instance', 'resourceId'], 'of this promotion')} does not exist any more; somebody deleted it.`,
    next: 'Look at the events in the RDS console. Its automated backups may still be there, and so are the snapshots; "mode: rollback" can restore from them.',
  }),
  'proxy-not-found': (p) => ({
    what: `No RDS Proxy sends to ${field(p, 'instance', 'this database')}, so "promote: proxy" has nothing to re-target.`,
    next: 'Use "promote: rename".',
  }),
  'proxy-failed': (p) => ({
    what: `The RDS Proxy${when(p, 'proxy', (name) => ` ${name}`)} did not take the new target${because(p)}.`,
    next: 'Run "mode: promote" again with the same inputs; it registers what is missing. "promote: undo" sends the proxy back to the old database.',
  }),
  'cluster-empty': (p) => ({
    what: `The DB cluster ${field(p, 'instance', 'given')} has no DB instance, so nothing answers SQL.`,
    next: 'Add an instance to the cluster, then run the job again.',
  }),
} as const satisfies Partial<Record<string, Wording>>;

/** Where that moment can be gone back to, when AWS still has the database that it belongs to. */
function elsewhere(p: Problem): { readonly next: string; readonly run?: string } {
  const owner = field(p, 'owner', '');
  const time = field(p, 'time', '');
  const back = time === '' ? ['snapshot-identifier', field(p, 'snapshot', '')] : ['restore-time', time];
  const doubt = 'Restoring another database under this name would help nobody.';
  if (owner === '') return { next: `Check both identifiers. ${doubt}` };
  return {
    next: `Check both identifiers. ${doubt} That other database is called ${owner} now, and no tag tells that it was production. If it was, go back to that moment with a job that has these inputs; it restores beside ${owner}.`,
    run: inputs([
      ['mode', 'rollback'],
      [`${cliKind(p)}-identifier`, owner],
      [back[0] ?? '', back[1] ?? ''],
    ]),
  };
}

/** As they are written under `with:` or into a form. */
const inputs = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${word(value)}`])).join('\n');

const word = (text: string): string => (/^[\w.:+-]+$/.test(text) ? text : shell(text));

const andNext = (next: string): { readonly next?: string } => (next === '' ? {} : { next });

export const backNotices = {
  'cluster-member': (n) => ({
    what: `${field(n, 'member', 'The DB instance')} is a member of the DB cluster ${field(n, 'cluster', 'it belongs to')}; the cluster is taken.`,
    next: 'Write db-cluster-identifier instead of db-instance-identifier to say so in the workflow.',
  }),
  'production-unread': (n) => ({
    what: `Production does not answer SQL${when(n, 'detail', (detail) => `: ${detail}`)}. The restore goes on all the same.`,
  }),
  'settings-unknown': (n) => ({
    what: `The deleted instance can tell its settings no more; AWS took its defaults for: ${field(n, 'names', 'some settings')}.`,
    next: 'Set the network first, or nobody reaches the restored database: its security groups, and its subnet group (which AWS changes only by moving it to another VPC).',
    run: n.fields.call ?? '',
  }),
  'write-loss-unknown': (n) => ({
    what: `What a cut-over would lose is not known${when(n, 'detail', (detail) => `: ${detail}`)}.`,
    next: 'Compare the tables that matter in both databases before you cut over.',
  }),
  'setting-differs': (n) => ({
    what: `The restored database differs from production in ${field(n, 'name', 'a setting')}: ${field(n, 'got', '-')} instead of ${field(n, 'wanted', '-')}.`,
    ...(field(n, 'call', '') === '' ? {} : { next: 'Mend it with this call:', run: field(n, 'call', '') }),
  }),
  'not-carried': (n) => ({
    what: `Does not follow to the restored database: ${field(n, 'what', 'see the documentation')}.`,
    ...andNext(field(n, 'next', '')),
  }),
  'restore-found': (n) => ({
    what: `A restore to this point exists already: ${field(n, 'identifier', 'see the RDS console')} (${field(n, 'status', 'state unknown')}). It is taken instead of a second one.${when(n, 'undone', (run) => ` It took part in the promotion of run ${run}, which was undone: if it had the name of production meanwhile, what was written to it then is still in it.`)}`,
    ...(field(n, 'undone', '') === ''
      ? {}
      : { next: 'For a copy without those writes give a new name in restored-identifier.' }),
  }),
  'credentials-short': (n) => ({
    what: `The AWS credentials end in ${field(n, 'minutes', 'a few')} minute${field(n, 'minutes', '') === '1' ? '' : 's'}; a cut-over can take longer.`,
    next: 'Raise role-duration-seconds of the step that configures the credentials.',
  }),
  'promotion-resumed': (n) => ({
    what: `An earlier job began this promotion (${field(n, 'run', 'unknown run')}) and got as far as "${field(n, 'phase', 'unknown')}". It goes on from there.`,
  }),
  'cut-over-waits': (n) => ({
    what: `The cut-over waits before it touches anything: ${field(n, 'what', 'a database is busy')}.`,
  }),
  'identity-unproven': () => ({
    what: 'The two databases cannot be told apart by SQL, so AWS alone says which of them answers under the name of production.',
  }),
} as const satisfies Partial<Record<string, NoticeWording>>;
