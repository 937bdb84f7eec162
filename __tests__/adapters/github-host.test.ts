import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createHost } from '../../src/adapters/github/host.ts';
import { neutralLines } from '../../src/adapters/github/neutral.ts';
import { createScrubber } from '../../src/domain/scrub.ts';

const VARIABLES = ['GITHUB_ACTIONS', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const;
const before = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));

let folder: string;
let printed: string;
const file = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(file(name), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gm-host-'));
  printed = '';
  process.env.GITHUB_ACTIONS = 'true';
  for (const name of VARIABLES.slice(1)) {
    process.env[name] = file(name);
    writeFileSync(file(name), '');
  }
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const scrubber = createScrubber();
scrubber.add('hunter22');
const host = createHost({ scrub: scrubber.scrub });

/** How the runner reads a line: `::` after blanks, `##[` anywhere; lines end at CR, LF or both. */
const isCommand = (line: string) => /^[\s\uFEFF]*::/.test(line) || line.includes('##[');
const commandsIn = (text: string) => text.split(/\r\n|\r|\n/).filter(isCommand);

describe('the log', () => {
  test.each([
    '::error::boo',
    '  ::set-output name=x::y',
    '##[error]boo',
    'a ##[group]b',
    'progress 1%\r::stop-commands::x',
    'two\n::add-mask::lines',
    '\uFEFF::warning::bom',
    ':::error::three',
  ])('has no workflow command from outside: %j', (line) => {
    host.log(line);
    expect(commandsIn(printed)).toEqual([]);
    expect(printed.replaceAll('\u200B', '')).toContain(line.split(/[\r\n]/).at(-1));
  });

  test('never, whatever the text', () => {
    const piece = fc.constantFrom(
      '::',
      ':',
      '##[',
      '#',
      '[',
      ' ',
      '\t',
      '\r',
      '\n',
      'error',
      ']',
      '\uFEFF',
      '\u2028',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(neutralLines(pieces.join('')).filter(isCommand)).toEqual([]);
      }),
    );
  });

  test('shows ordinary lines as they are, without secrets', () => {
    host.log('Applying 1_init with hunter22');
    expect(printed).toBe('Applying 1_init with ***\n');
  });
});

describe('the runner is told', () => {
  test('annotations, with the place in the file', () => {
    host.annotate({
      level: 'error',
      title: 'P3018, hm',
      message: 'no\nhunter22',
      file: 'm/migration.sql',
      line: 3,
    });
    expect(printed.trim()).toBe('::error title=P3018%2C hm,file=m/migration.sql,line=3::no%0A***');
  });

  test('masks in every form', () => {
    host.mask('p@ss word');
    expect(printed).toContain('::add-mask::p@ss word');
    expect(printed).toContain('::add-mask::p%2540ss%2520word');
  });

  test('outputs, also of several lines', () => {
    host.outputs({ status: 'applied', 'error-message': 'a\nhunter22' });
    expect(read('GITHUB_OUTPUT')).toMatch(
      /^status<<(\S+)\napplied\n\1\nerror-message<<(\S+)\na\n\*\*\*\n\2\n$/,
    );
  });

  test('state for the post step', () => {
    host.saveState('journal', 'path');
    expect(read('GITHUB_STATE')).toMatch(/journal<<(\S+)\npath\n/);
  });

  test('summaries, one after the other', async () => {
    await host.summary('# One hunter22');
    await host.summary('# Two');
    expect(read('GITHUB_STEP_SUMMARY')).toBe('# One ***\n# Two\n');
  });

  test('no more summary than the runner takes', async () => {
    await host.summary('ü'.repeat(1000));
    await host.summary(`${'line of the summary\n'.repeat(80_000)}`);
    expect(statSync(file('GITHUB_STEP_SUMMARY')).size).toBeLessThanOrEqual(1024 * 1024);
    expect(read('GITHUB_STEP_SUMMARY')).toMatch(/\nline of the summary\n\n\(cut: .*\)\n$/);
  });
});

describe('a file that cannot be written', () => {
  test('is a warning, not an end', async () => {
    for (const name of VARIABLES.slice(1)) {
      rmSync(file(name));
      process.env[name] = join(file('no-folder'), name);
    }
    host.outputs({ status: 'applied' });
    host.saveState('x', 'y');
    await host.summary('# Hello');
    expect(printed.match(/^::warning title=Not written::/gm)).toHaveLength(3);
  });
});

describe('outside of Actions', () => {
  test('no command is printed, least of all a mask', async () => {
    for (const name of VARIABLES) delete process.env[name];
    host.mask('a-secret');
    host.annotate({ level: 'warning', title: 'Title', message: 'message' });
    host.outputs({ status: 'applied' });
    host.saveState('x', 'y');
    await host.summary('# Hello');
    expect(printed).toBe('warning: Title: message\nstatus=applied\n');
  });
});
