/**
 * The parts of SARIF 2.1.0 that our files use, closed, so that a misspelt property fails.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
 */
const text = { type: 'string', minLength: 1 } as const;
const object = (properties: Readonly<Record<string, unknown>>, ...required: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const message = object({ text, markdown: text }, 'text');
const level = { enum: ['none', 'note', 'warning', 'error'] };
const bag = { type: 'object' };

const rule = object(
  {
    id: text,
    shortDescription: message,
    fullDescription: message,
    help: message,
    helpUri: { type: 'string', format: 'uri' },
    defaultConfiguration: object({ level }),
    properties: {
      type: 'object',
      properties: {
        tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 20 },
        'problem.severity': { enum: ['error', 'warning', 'recommendation'] },
      },
    },
  },
  'id',
);

const location = object({
  physicalLocation: object({
    artifactLocation: object(
      {
        uri: { type: 'string', format: 'uri-reference' },
        uriBaseId: { const: '%SRCROOT%' },
      },
      'uri',
    ),
    region: object(
      {
        startLine: { type: 'integer', minimum: 1 },
        endLine: { type: 'integer', minimum: 1 },
      },
      'startLine',
    ),
  }),
});

const result = object(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    // Code scanning shows a result only at a place.
    locations: { type: 'array', items: location, minItems: 1 },
    partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
    properties: bag,
  },
  'message',
);

const run = object(
  {
    tool: object(
      {
        driver: object({ name: text, rules: { type: 'array', items: rule, uniqueItems: true } }, 'name'),
      },
      'driver',
    ),
    automationDetails: object({ id: text }),
    versionControlProvenance: {
      type: 'array',
      items: object({ repositoryUri: { type: 'string', format: 'uri' }, revisionId: text }, 'repositoryUri'),
    },
    invocations: {
      type: 'array',
      items: object(
        {
          executionSuccessful: { type: 'boolean' },
          toolExecutionNotifications: { type: 'array', items: object({ level, message }, 'message') },
        },
        'executionSuccessful',
      ),
    },
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    results: { type: 'array', items: result, maxItems: 25_000 },
  },
  'tool',
);

export const sarifSchema = object(
  {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: { type: 'array', items: run },
  },
  'version',
  'runs',
);
