import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
ajv.addFormat('date-time', { validate: (text: string) => !Number.isNaN(Date.parse(text)) });
const check = ajv.compile(schema as object);

/** What a reader of docs/report.schema.json would object to. */
export const validate = (report: unknown): unknown =>
  check(JSON.parse(JSON.stringify(report))) ? [] : check.errors;
