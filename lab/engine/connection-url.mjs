/** What the connection URLs of both families share: how the native engine takes one apart. */
import { urlInvalid } from './refusals.mjs';

/**
 * @param {string} text
 * @param {RegExp} scheme
 */
export function parseUrl(text, scheme) {
  if (!scheme.test(text)) throw urlInvalid('The scheme is not recognized in database URL.');
  try {
    return new URL(text);
  } catch {
    throw urlInvalid(
      /:[^/@]*[^\d/@][^/@]*(\/|$)/.test(text) ? 'invalid port number in database URL.' : 'invalid URL.',
    );
  }
}

/** @param {string} text */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {URL} url */
export function hostOf(url) {
  return decoded(url.hostname.replace(/^\[|\]$/g, '')) || 'localhost';
}

/**
 * @param {string | undefined} value of a parameter, in seconds
 * @param {number} fallback in seconds
 * @returns {number} milliseconds
 */
export function seconds(value, fallback) {
  return (value !== undefined && /^\d+$/.test(value) ? Number(value) : fallback) * 1000;
}
