'use strict';
// Loaded before an application (`node --require`): names of the lab's databases resolve by the hosts file named in
// LAB_HOSTS, every other name as always. The file is read for each lookup, since a rename changes it under us.
const dns = require('node:dns');
const { readFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { promisify } = require('node:util');

/** @typedef {number | import('node:dns').LookupOptions | undefined} Options */

const DOMAIN = '.rds.lab.internal';
const NOT_FOUND_ERRNO = -3008;

/** @param {unknown} name */
const isOurs = (name) => typeof name === 'string' && name.toLowerCase().endsWith(DOMAIN);

/** @param {string} name @returns {string | undefined} */
const addressOf = (name) => {
  const file = process.env.LAB_HOSTS;
  if (file === undefined || file === '') return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'))[name.toLowerCase()];
  } catch {
    return undefined; // the lab has stopped, and its names with it
  }
};

/** @param {string} hostname */
const notFound = (hostname) =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
    errno: NOT_FOUND_ERRNO,
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname,
  });

/**
 * What the real function would give; throws ENOTFOUND.
 * @param {string} name
 * @param {Options} options
 */
const resolve = (name, options) => {
  const { family = 0, all = false } = typeof options === 'number' ? { family: options } : (options ?? {});
  const address = family === 6 || family === 'IPv6' ? undefined : addressOf(name);
  if (address === undefined) throw notFound(name);
  return all ? [{ address, family: 4 }] : { address, family: 4 };
};

/** @type {(...args: any[]) => any} */
const lookup = dns.lookup;
/** @type {(...args: any[]) => Promise<any>} */
const lookupPromise = dns.promises.lookup;

/** @param {string} name @param {Options} [options] */
const patchedPromise = async (name, options) =>
  isOurs(name) ? resolve(name, options) : lookupPromise(name, options);

/** @param {string} name @param {any[]} rest */
const patched = (name, ...rest) => {
  if (!isOurs(name)) return lookup(name, ...rest);
  const callback = rest.at(-1);
  if (typeof callback !== 'function') throw new TypeError('dns.lookup needs a callback.');
  patchedPromise(name, rest.length > 1 ? rest[0] : undefined).then(
    (found) => (Array.isArray(found) ? callback(null, found) : callback(null, found.address, found.family)),
    (error) => callback(error),
  );
  return {};
};

// A process that loads this twice (by NODE_OPTIONS and by itself) must not stack the patches.
const MARK = Symbol.for('guarded-migrate.lab.dns');
if (!Object.hasOwn(dns.lookup, MARK)) {
  Object.defineProperty(patched, MARK, { value: true });
  Object.defineProperty(patched, promisify.custom, { value: patchedPromise });
  Object.assign(dns, { lookup: patched });
  Object.assign(dns.promises, { lookup: patchedPromise });
  syncBuiltinESMExports();
}
