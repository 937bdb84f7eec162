import type { InstanceFacts } from './facts.ts';

export interface NotCarried {
  readonly what: string;
  readonly next: string;
}

/**
 * What stays with the old instance when another takes its name: the resource id, and all that is keyed by it
 * (user guide: "Renaming a DB instance", "IAM database authentication"; AWS KB on RDS Proxy targets).
 */
export function notCarried(
  old: InstanceFacts,
  restored: InstanceFacts,
  proxies: readonly string[],
): readonly NotCarried[] {
  const found: NotCarried[] = [];
  const say = (what: string, next: string): void => void found.push({ what, next });
  const replicas = old.settings.ReadReplicas;
  if (Array.isArray(replicas) && replicas.length > 0)
    say(
      `the read replicas ${replicas.join(', ')}, which stay with the old database`,
      'Create new ones from the new production.',
    );
  if (proxies.length > 0)
    say(
      `the target of the RDS Proxy ${proxies.join(', ')}, which is registered for the old database`,
      'Check where the proxy sends, or cut over with "promote: proxy" instead.',
    );
  if (old.iamAuthentication)
    say(
      `IAM policies with rds-db:connect on ${old.resourceId}`,
      `Allow the new resource id ${restored.resourceId} in them before applications connect with IAM.`,
    );
  if (old.managedPassword)
    say(
      'the managed master password: its secret stays with the old database',
      'Applications that read this secret keep the password of the restore point, until it is rotated. Turning on a managed password for the new one makes a new secret and a new password.',
    );
  if (old.tags['aws:cloudformation:stack-name'] !== undefined)
    say(
      `the CloudFormation stack ${old.tags['aws:cloudformation:stack-name']}, which knows the old database`,
      'Import the new one into the stack before the next update of it.',
    );
  say(
    `the state of Terraform or any other tool that knows the resource id ${old.resourceId}`,
    `Import the new database (${restored.resourceId}) into it before its next apply.`,
  );
  return found;
}
