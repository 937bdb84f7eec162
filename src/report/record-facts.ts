import type { InstanceFacts, ProjectFacts, RestorePoint } from '../domain/facts.ts';
import { WHOLE_SERVER } from '../domain/facts.ts';
import type { Promotion } from '../domain/going-back.ts';
import type { Request } from '../domain/request.ts';

/** Parts of the JSON report that are not written as they are: shortened, or with what may be secret left out. */

const hidden = (value: unknown): string | null => (value === undefined ? null : '***');

/** Scripts are hidden too: a workflow may have put a secret into them. */
export const requestRecord = (request: Request | undefined): unknown =>
  request === undefined
    ? null
    : {
        ...request,
        verifyCommand: hidden(request.verifyCommand),
        beforeCommand: hidden(request.beforeCommand),
        afterCommand: hidden(request.afterCommand),
        slackWebhookUrl: hidden(request.slackWebhookUrl),
      };

export const projectRecord = (project: ProjectFacts | undefined): unknown =>
  project === undefined
    ? null
    : {
        prismaVersion: project.prismaVersion,
        prismaMajor: project.prismaMajor,
        splitsStatements: project.splitsStatements,
        schemaPath: project.schemaPath,
        configPath: project.configPath,
        migrationsPath: project.migrationsPath,
        migrations: project.migrations.length,
        unreadable: project.unreadable,
        lockProvider: project.lockProvider,
        urlEnv: project.urlEnv,
      };

export const instanceRecord = (instance: InstanceFacts | undefined): unknown =>
  instance === undefined
    ? null
    : {
        ...instance,
        latestRestorableTime:
          instance.latestRestorableTime === undefined
            ? null
            : new Date(instance.latestRestorableTime).toISOString(),
      };

/** A digest and counts stand for thousands of objects. */
export const restorePointRecord = (point: RestorePoint | undefined): unknown =>
  point === undefined
    ? null
    : {
        time: point.time,
        lsn: point.lsn,
        fingerprint: {
          digest: point.state.fingerprint.digest,
          objects: Object.keys(point.state.fingerprint.objects).length,
        },
        tables: Object.keys(point.state.writes).filter((name) => name !== WHOLE_SERVER).length,
        invalidIndexes: point.state.invalidIndexes,
        history: point.state.history === null ? null : point.state.history.length,
      };

const moment = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();

export const promotionRecord = (promotion: Promotion | undefined): unknown =>
  promotion === undefined
    ? null
    : {
        ...promotion,
        outageFrom: moment(promotion.outageFrom),
        outageUntil: moment(promotion.outageUntil),
      };
