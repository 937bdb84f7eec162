import { expect, test } from '@jest/globals';
import {
  describeUrl,
  parseConnectionUrl,
  secretForms,
  withCredentials,
  withHost,
} from '../../src/domain/connection-url.ts';

test('withHost changes the server and nothing else', () => {
  const text = 'postgresql://u:p%40@old:1/d?schema=s&host=other';
  expect(withHost(text, { address: 'new.example.com', port: 2 })).toBe(
    'postgresql://u:p%40@new.example.com:2/d?schema=s',
  );
  expect(withHost(text, { address: '::1', port: 2 })).toBe('postgresql://u:p%40@[::1]:2/d?schema=s');
});

test('withHost leads a MySQL URL past its socket', () => {
  const text = 'mysql://u:p%40@localhost/d?socket=(/run/m.sock)&sslaccept=strict&host=kept';
  expect(withHost(text, { address: 'new.example.com', port: 3307 })).toBe(
    'mysql://u:p%40@new.example.com:3307/d?sslaccept=strict&host=kept',
  );
});

test('withCredentials replaces or adds user and password', () => {
  const login = { username: 'a b', password: 'p@/#?:' };
  expect(withCredentials('mysql://h:1/d', login)).toBe('mysql://a%20b:p%40%2F%23%3F%3A@h:1/d');
  for (const text of ['postgresql://h:1/d?schema=s', 'postgresql://u:p@h:1/d?schema=s']) {
    expect(parseConnectionUrl(withCredentials(text, login))).toMatchObject({
      user: login.username,
      password: login.password,
      host: 'h',
      port: 1,
      schema: 's',
    });
  }
});

test('describeUrl shows no secret', () => {
  expect(describeUrl('postgresql://u:S3cret@[::1]/d?schema=s&sslpassword=S3cret')).toBe(
    'u@[::1]:5432/d?schema=s',
  );
  expect(describeUrl('mysql://u:S3cret@h/d?schema=s&sslpassword=S3cret')).toBe('u@h:3306/d');
});

test('secretForms holds every spelling', () => {
  const text = 'postgresql://u:p%40ss+w%22@h/d?sslpassword=k%20ey';
  expect(secretForms(text)).toEqual(
    expect.arrayContaining([
      text,
      'p%40ss+w%22',
      'p@ss+w"',
      'p%40ss%2Bw%22',
      'p@ss+w\\"',
      'k ey',
      'k%20ey',
      'k+ey',
    ]),
  );
  expect(secretForms('postgresql://u:S3cret#x@h/d')).toContain('S3cret#x');
  expect(secretForms('mysql://u:p%40ss@h/d?sslpassword=k%20ey')).toEqual(
    expect.arrayContaining(['p@ss', 'p%40ss', 'k ey', 'k+ey']),
  );
  expect(secretForms('postgresql://u@h/d')).not.toContain('');
});
