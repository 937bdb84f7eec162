#!/usr/bin/env node
/**
 * A stand-in for Prisma's native `schema-engine`, for machines that cannot download it: set PRISMA_SCHEMA_ENGINE_BINARY to
 * this file and the real Prisma CLI 5, 6 or 7 does its work on PostgreSQL, MySQL and MariaDB. LAB_ENGINE_MODE forces how a
 * file of several statements is sent to PostgreSQL: `whole-file` (up to 7.3) or `statement-by-statement` (from 7.4).
 */
import { parseArgs } from 'node:util';

/**
 * @typedef {object} Arguments
 * @property {readonly string[]} datamodels paths of the Prisma schema files
 * @property {Readonly<Record<string, string | undefined>> | undefined} datasource JSON form, versions 6.18 and later
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: 'string', short: 'd', multiple: true },
    datasource: { type: 'string' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
    version: { type: 'boolean' },
  },
});
if (values.version === true) {
  process.stdout.write('schema-engine-cli lab\n');
  process.exit(0);
}
const datasource = String(values.datasource ?? '');
const json = datasource.startsWith('{');

if (positionals[0] === 'cli') {
  const { probe } = await import('./probe.mjs');
  const url = json ? String(JSON.parse(datasource).url) : datasource;
  process.exit(await probe(positionals[1] ?? '', url, json));
}
const { serve } = await import('./rpc.mjs');
serve({
  datamodels: [values.datamodels ?? []].flat().map(String),
  datasource: json ? JSON.parse(datasource) : undefined,
});
