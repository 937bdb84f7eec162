/** Which database the CLI means: from `--datasource` (6.18+, 7) or from the `datasource` block of the schema (5, 6). */
import { readFileSync } from 'node:fs';
import { EngineError } from './errors.mjs';

const DEFAULT_PROVIDER = '"postgresql"';

/**
 * @typedef {object} Datasource
 * @property {string} url the one to migrate; `directUrl` wins over `url` when the schema has one
 * @property {string} provider
 * @property {readonly string[]} schemas of the multi-schema feature
 */

/**
 * @param {readonly string[]} files paths of the Prisma schema files
 * @param {Readonly<Record<string, string | undefined>> | undefined} override JSON of `--datasource`
 * @returns {Datasource}
 */
export function readDatasource(files, override) {
  const block = blockOf(files.map((file) => readFileSync(file, 'utf8')));
  const property = (/** @type {string} */ name) => propertyOf(block ?? '', name);
  const direct = property('directUrl');
  const url =
    (direct === undefined ? undefined : (override?.directUrl ?? resolve(direct))) ??
    override?.url ??
    resolve(property('url') ?? '');
  return {
    url,
    provider: unquoted(property('provider') ?? DEFAULT_PROVIDER),
    schemas: [...(property('schemas') ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? ''),
  };
}

/**
 * @param {readonly string[]} schemas texts of Prisma schema files
 * @returns {string} the default where they have no datasource
 */
export function providerOf(schemas) {
  return unquoted(propertyOf(blockOf(schemas) ?? '', 'provider') ?? DEFAULT_PROVIDER);
}

/** @param {readonly string[]} schemas */
function blockOf(schemas) {
  return schemas.map(datasourceBlock).find((text) => text !== undefined);
}

/** @param {string} schema */
function datasourceBlock(schema) {
  const plain = schema.replace(/^\s*\/\/.*$/gm, '');
  return /^\s*datasource\s+\w+\s*\{([^}]*)\}/m.exec(plain)?.[1];
}

/**
 * @param {string} block
 * @param {string} name
 */
function propertyOf(block, name) {
  return new RegExp(`^\\s*${name}\\s*=\\s*(.+?)\\s*$`, 'm').exec(block)?.[1];
}

/** @param {string} value a string literal or `env("NAME")` */
function resolve(value) {
  const name = /^env\(\s*"([^"]+)"\s*\)/.exec(value)?.[1];
  if (name === undefined) return unquoted(value);
  const found = process.env[name];
  if (found !== undefined) return found;
  throw new EngineError('P1012', `error: Environment variable not found: ${name}.`);
}

/** @param {string} value */
function unquoted(value) {
  return /^"([^"]*)"/.exec(value)?.[1] ?? value;
}
