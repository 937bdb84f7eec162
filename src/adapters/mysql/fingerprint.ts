import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../domain/facts.ts';
import { type DatabaseObject, GRANTS, OBJECTS, objectOf } from './catalog.ts';
import type { Link, Row } from './link.ts';
import { errnoOf } from './problems.ts';
import { quoted } from './words.ts';

const STATE_MS = 120_000;
/** Definitions asked for in one message: enough to make the way there cheap, few enough to repeat after an error. */
const CHUNK = 250;
const TRIES = 3;

/** The object went away between the list and its definition. */
const GONE = ['1146', '1051', '1305', '1360', '1539', '4091'];
/** A view on nothing, a definer who is gone, a table whose file or engine is: broken before and after alike. */
const BROKEN = ['1356', '1449', '1033', '1030', '1194', '1286', '1812', '1932'];

const asked = { purpose: 'read the definitions of the database', patienceMs: STATE_MS };

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** The counter is rows, not schema. It stands between the engine and the other options of the last lines. */
const withoutCounter = (definition: string): string =>
  definition.replace(/^(\) [^\n]*?ENGINE=\w+) AUTO_INCREMENT=\d+/m, '$1');

/**
 * One text of all that SHOW told; `Created` is when a trigger was made, which is no part of it. MySQL keeps the semicolon
 * of a body that came with other statements.
 */
const textOf = (row: Row | undefined): string =>
  Object.entries(row ?? {})
    .filter(([name]) => name !== 'Created')
    .map(
      ([name, value]) => `${name}\n${value === null ? '' : withoutCounter(value).replace(/[\s;]+$/, '')}\n`,
    )
    .join('');

/** One by one, when the message as a whole met an error. */
async function oneByOne(link: Link, objects: readonly DatabaseObject[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { show } of objects) {
    try {
      found.push(textOf((await link.rows(show, asked))[0]));
    } catch (error) {
      const code = errnoOf(error);
      if (!BROKEN.includes(code)) throw error;
      found.push(`broken ${code}`);
    }
  }
  return found;
}

async function definitions(link: Link, objects: readonly DatabaseObject[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (let start = 0; start < objects.length; start += CHUNK) {
    const chunk = objects.slice(start, start + CHUNK);
    try {
      const results = await link.batch(
        chunk.map(({ show }) => show),
        asked,
      );
      found.push(...results.map(([row]) => textOf(row)));
    } catch (error) {
      if (!BROKEN.includes(errnoOf(error))) throw error;
      found.push(...(await oneByOne(link, chunk)));
    }
  }
  return found;
}

interface Listing {
  readonly database: string;
  readonly objects: readonly DatabaseObject[];
  /** Definition of the database and the rights in it. */
  readonly around: Readonly<Record<string, string>>;
}

async function list(link: Link): Promise<Listing> {
  const [[first] = [], grants = [], ...lists] = await link.batch(
    ['SELECT DATABASE() AS name', GRANTS, ...OBJECTS],
    asked,
  );
  const database = first?.name ?? '';
  const show = `SHOW CREATE DATABASE ${quoted(database)}`;
  const [defaults] = await link.rows(show, asked);
  const rights = grants.map((row) => Object.values(row).join(' ')).sort();
  return {
    database,
    objects: lists.flat().map((row) => objectOf(database, row)),
    around: { [`database ${database}`]: textOf(defaults), [`grants ${database}`]: rights.join('\n') },
  };
}

export interface Definitions {
  readonly fingerprint: Fingerprint;
  /** As in the snapshot. */
  readonly withoutRollback: readonly string[];
}

const TABLE = 'table ';
const ENGINE = /^\) ENGINE=(\w+)/gm;

/** InnoDB is the only engine known to undo; a table whose engine is not told counts as one that does not. */
const withoutRollback = ({ objects }: Listing, texts: readonly string[]): readonly string[] =>
  objects.flatMap(({ object }, index) => {
    const engines = [...(texts[index] ?? '').matchAll(ENGINE)].map(([, name]) => name);
    const isSafe = engines.length > 0 && engines.every((name) => name === 'InnoDB');
    return object.startsWith(TABLE) && !isSafe ? [object.slice(TABLE.length)] : [];
  });

const namesIn = ({ objects }: Listing): string => objects.map(({ object }) => object).join('\n');

/**
 * Definitions as the server prints them, one digest for each object. DDL has no snapshot, and a SHOW inside a
 * transaction would keep its metadata lock; so the list is read before and after, and all of it again when it moved.
 */
export async function readFingerprint(link: Link): Promise<Definitions> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const before = await list(link);
      const texts = await definitions(link, before.objects);
      const after = await list(link);
      if (namesIn(before) === namesIn(after) || attempt === TRIES)
        return {
          fingerprint: fingerprintOf(after, before, texts),
          withoutRollback: withoutRollback(before, texts),
        };
    } catch (error) {
      if (attempt === TRIES || !GONE.includes(errnoOf(error))) throw error;
    }
  }
}

function fingerprintOf({ around }: Listing, { objects }: Listing, texts: readonly string[]): Fingerprint {
  const digests: [string, string][] = [
    ...Object.entries(around).map(([name, text]): [string, string] => [name, digestOf(text)]),
    ...objects.map(({ object, also }, index): [string, string] => [
      object,
      digestOf(`${texts[index] ?? ''}${also}`),
    ]),
  ];
  const lines = digests.map(([name, digest]) => `${name} ${digest}\n`).sort();
  return {
    digest: createHash('sha256').update(lines.join('')).digest('hex'),
    objects: Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
