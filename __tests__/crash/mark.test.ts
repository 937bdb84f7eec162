import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { marked, markedGroup } from '../../src/adapters/prisma/mark.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the process group that carries the mark is found while it lives, and no other', async () => {
  const name = `guarded-migrate/mark-test-${process.pid}`;
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '', ...marked(name) },
  });
  try {
    await once(child.stdout, 'data');
    expect(markedGroup(name)).toBe(child.pid);
    expect(markedGroup(`${name}-1`)).toBeUndefined();
    expect(markedGroup(undefined)).toBeUndefined();
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  expect(markedGroup(name)).toBeUndefined();
});

test('without a name there is no mark', () => expect(marked(undefined)).toEqual({}));
