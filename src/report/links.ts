import { type RunIdentity, runUrl } from '../domain/request.ts';
import { md } from './markdown.ts';
import { wellFormed } from './words.ts';

/** Addresses made of what we know, checked before they become links. */

const SAFE = /^https?:\/\/[\w.:/@%#~-]{1,500}$/;

/** `text` is Markdown already; without a good address it stays text. */
export const link = (text: string, url: string | undefined): string =>
  url !== undefined && SAFE.test(url) ? `[${text}](${url})` : text;

/** A path as part of a URI; what no URI can hold (half a character) becomes a replacement character. */
export const uriPath = (path: string): string =>
  path
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .split('/')
    .map((part) =>
      encodeURIComponent(wellFormed(part)).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');

/** The line of a file in the commit that was looked at. */
export const lineUrl = (identity: RunIdentity, path: string, line: number): string | undefined =>
  /^[0-9a-f]{40,64}$/.test(identity.sha) && !path.startsWith('/')
    ? `${identity.serverUrl}/${identity.repository}/blob/${identity.sha}/${uriPath(path)}#L${line}`
    : undefined;

/** A page of our own documentation below `base`, which is undefined when nobody knows where it is. */
export const docsUrl = (base: string | undefined, page: string): string | undefined =>
  base === undefined || page === '' ? undefined : `${base.replace(/\/+$/, '')}/${uriPath(page)}`;

export const runLink = (identity: RunIdentity, text = `run ${md(identity.runId, 40)}`): string =>
  link(text, runUrl(identity));
