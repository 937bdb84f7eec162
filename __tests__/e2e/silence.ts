/** Looks for secrets in whatever left the process. */
import { expect } from '@jest/globals';

/** Every way in which a tool may print a value. Our own list: the guard's must not vouch for itself. */
function forms(secret: string): readonly string[] {
  const once = encodeURIComponent(secret);
  const bytes = Buffer.from(secret, 'utf8');
  const all = [
    secret,
    once,
    once.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    once.replaceAll('%20', '+'),
    encodeURIComponent(once),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    // As a workflow command carries it.
    secret.replaceAll('%', '%25'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
  return [...new Set(all)];
}

export function expectSilent(texts: readonly string[], secrets: readonly string[]): void {
  const found = secrets
    .flatMap(forms)
    .flatMap((form) =>
      texts.filter((text) => text.includes(form)).map((text) => `${form} in ${around(text, form)}`),
    );
  expect(found).toEqual([]);
}

const around = (text: string, form: string): string => {
  const at = text.indexOf(form);
  return text.slice(Math.max(0, at - 60), at + form.length + 20);
};
