/**
 * docs/permissions/*.json are the source of every policy; this writes what is made from them: the blocks of
 * docs/permissions.md and the CloudFormation template. `--check` only compares and exits 1 on a difference.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = 'docs/permissions';

/** @param {string} path */
const text = (path) => readFileSync(join(ROOT, path), 'utf8');
/** @param {string} name */
const policy = (name) => JSON.parse(text(`${FOLDER}/${name}.json`));

/** For a cluster the file of a policy is `cluster-NAME.json`. */
export const KINDS = /** @type {const} */ (['instance', 'cluster']);

/** Which policies a role has; the same as in terraform/main.tf (tested). */
export const ROLES = /** @type {const} */ ({
  plan: ['plan'],
  deploy: ['deploy'],
  rollback: ['rollback'],
  promote: ['rollback', 'promote'],
  cleanup: ['cleanup'],
});

/** A parameter in `Fn::Sub`. @param {string} name */
const ref = (name) => `\${${name}}`;

/** @type {Readonly<Record<string, string>>} */
const PARAMETERS = {
  REGION: ref('AWS::Region'),
  ACCOUNT: ref('AWS::AccountId'),
  DATABASE: ref('Database'),
  OWNER: ref('Owner'),
  REPOSITORY: ref('Repository'),
  BRANCH: ref('Branch'),
};

/** Placeholders become parameters of the stack. @param {unknown} value @param {string} environment @returns {unknown} */
function substituted(value, environment) {
  if (Array.isArray(value)) return value.map((each) => substituted(each, environment));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, substituted(each, environment)]),
    );
  }
  if (typeof value !== 'string') return value;
  const filled = value
    .replace(/^arn:aws:/, `arn:${ref('AWS::Partition')}:`)
    .replace('ENVIRONMENT', ref(environment))
    .replace(/REGION|ACCOUNT|DATABASE|OWNER|REPOSITORY|BRANCH/g, (word) => PARAMETERS[word] ?? word);
  return filled === value ? value : { 'Fn::Sub': filled };
}

/** @param {keyof typeof ROLES} role */
function roleResource(role) {
  const environment = role === 'cleanup' ? 'CleanupEnvironment' : 'Environment';
  const long = role !== 'plan' && role !== 'cleanup';
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: { 'Fn::Sub': `guarded-migrate-${role}-\${Database}` },
      MaxSessionDuration: long ? 14_400 : 10_800,
      AssumeRolePolicyDocument: substituted(policy(role === 'plan' ? 'trust-plan' : 'trust'), environment),
    },
  };
}

/** Written once for all roles that have it: a template may have 51,200 bytes. @param {string} name */
function policyResource(name) {
  return {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: name,
      PolicyDocument: {
        'Fn::If': [
          'IsCluster',
          substituted(policy(`cluster-${name}`), 'Environment'),
          substituted(policy(name), 'Environment'),
        ],
      },
      Roles: roles
        .filter((role) => /** @type {readonly string[]} */ (ROLES[role]).includes(name))
        .map((role) => ({ Ref: named(role) })),
    },
  };
}

/** @param {string} description @param {string} [standard] */
const parameter = (description, standard) => ({
  Type: 'String',
  Description: description,
  ...(standard === undefined ? {} : { Default: standard }),
});

const capital = (/** @type {string} */ name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const named = (/** @type {string} */ role) => `${capital(role)}Role`;
const roles = /** @type {readonly (keyof typeof ROLES)[]} */ (Object.keys(ROLES));

/** The stack, as JSON: CloudFormation takes it like YAML. */
export function cloudFormation() {
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'IAM roles of Guarded Migrate for one database. Made from docs/permissions/*.json.',
    Parameters: {
      Database: {
        ...parameter('Identifier of the DB instance or DB cluster.'),
        // A role name has 64 characters, and a template cannot shorten one.
        AllowedPattern: '[a-z][a-z0-9-]{0,38}',
        ConstraintDescription:
          'in lower case, at most 39 characters; for a longer one take the Terraform module',
      },
      Kind: { ...parameter('What that identifier names.', 'instance'), AllowedValues: KINDS },
      Owner: parameter(
        'Owner of the repository whose workflows may assume the roles; OWNER@ID where its tokens carry the ids.',
      ),
      Repository: parameter(
        'Name of that repository, without its owner; NAME@ID where its tokens carry the ids.',
      ),
      Environment: parameter('GitHub environment of deploy, rollback and promotion.', 'production'),
      CleanupEnvironment: parameter('GitHub environment of the cleanup.', 'production-cleanup'),
      Branch: parameter('Branch from which the plan job may look: it has no environment.', 'main'),
    },
    Conditions: { IsCluster: { 'Fn::Equals': [{ Ref: 'Kind' }, 'cluster'] } },
    Resources: Object.fromEntries([
      ...roles.map((role) => [named(role), roleResource(role)]),
      ...[...new Set(Object.values(ROLES).flat())].map((name) => [
        `${capital(name)}Policy`,
        policyResource(name),
      ]),
    ]),
    Outputs: Object.fromEntries(
      roles.map((role) => [named(role), { Value: { 'Fn::GetAtt': [named(role), 'Arn'] } }]),
    ),
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

/** Fills `<!-- policy:NAME -->` … `<!-- /policy -->` with the file of that name. */
export function page() {
  return text('docs/permissions.md').replace(
    /(<!-- policy:([\w-]+) -->\n)[\s\S]*?(<!-- \/policy -->)/g,
    (_, open, name, close) => `${open}\`\`\`json\n${text(`${FOLDER}/${name}.json`)}\`\`\`\n${close}`,
  );
}

/** Names of all policies, extras and trust policies. */
export const policies = () =>
  readdirSync(join(ROOT, FOLDER))
    .filter((name) => name.endsWith('.json') && name !== 'cloudformation.json')
    .map((name) => name.replace('.json', ''));

/** Path → what it must contain. */
export const made = () => ({
  'docs/permissions.md': page(),
  [`${FOLDER}/cloudformation.json`]: cloudFormation(),
});

/** JSON is compared by what it says: the formatter decides about its line breaks. @param {string} path @param {string} content */
export const isSame = (path, content) => {
  const now = text(path);
  return path.endsWith('.json')
    ? JSON.stringify(JSON.parse(now)) === JSON.stringify(JSON.parse(content))
    : now === content;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  for (const [path, content] of Object.entries(made())) {
    if (isSame(path, content)) continue;
    if (check) {
      console.error(`${path} is not what scripts/permissions.mjs makes; run it`);
      process.exitCode = 1;
    } else writeFileSync(join(ROOT, path), content);
  }
}
