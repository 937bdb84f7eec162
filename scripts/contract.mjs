/** Texts made from the tables in src/inputs/: action.yml and the tables of the README. Pure. */
import { OUTPUTS } from '../src/inputs/outputs.ts';
import { INPUTS } from '../src/inputs/spec.ts';

/** @typedef {import('../src/inputs/kinds.ts').InputSpec} InputSpec */

/** @type {ReadonlyArray<readonly [string, InputSpec]>} */
const inputs = Object.entries(INPUTS);
const outputs = Object.entries(OUTPUTS);

/** A single-quoted YAML scalar has one escape: the quote itself, doubled. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

/** @param {InputSpec} spec */
const defaultOf = (spec) =>
  'default' in spec ? spec.default : 'actionDefault' in spec ? spec.actionDefault : undefined;

/** GitHub shows `required`; an input with a fallback or a stand-in may stay empty. @param {InputSpec} spec */
const isRequired = (spec) =>
  spec.required === true && spec.fallback === undefined && spec.instead === undefined;

/** @param {readonly [string, InputSpec]} entry */
function inputYaml([name, spec]) {
  const value = defaultOf(spec);
  return [
    `  ${name}:`,
    `    description: ${quoted(spec.description)}`,
    `    required: ${isRequired(spec)}`,
    ...(value === undefined ? [] : [`    default: ${quoted(value)}`]),
  ];
}

export function actionYaml() {
  const lines = [
    '# Generated from src/inputs/ by `npm run generate`; edit the tables there.',
    'name: Guarded Migrate',
    `description: ${quoted('Run `prisma migrate deploy` on RDS with a snapshot, timeouts, a verdict from the database and a restore beside production.')}`,
    'branding:',
    '  icon: shield',
    '  color: blue',
    'inputs:',
    ...inputs.flatMap(inputYaml),
    'outputs:',
    ...outputs.flatMap(([name, description]) => [`  ${name}:`, `    description: ${quoted(description)}`]),
    'runs:',
    '  using: node24',
    '  main: dist/main.cjs',
    '  post: dist/post.cjs',
    '  post-if: always()',
  ];
  return `${lines.join('\n')}\n`;
}

/** A pipe would end the cell. @param {readonly string[]} cells */
const row = (...cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** @param {InputSpec} spec */
function defaultCell(spec) {
  const value = defaultOf(spec);
  if (value !== undefined) return `\`${value}\``;
  if (spec.fallback !== undefined) return spec.fallback.map((name) => `\`$${name}\``).join(', ');
  if (spec.instead !== undefined) return `this or \`${spec.instead}\``;
  return spec.required ? '**required**' : '';
}

/** The parts of the README between `<!-- name:start -->` and `<!-- name:end -->`. */
export const readmeTables = () => ({
  inputs: [
    row('input', 'default', 'meaning'),
    row('---', '---', '---'),
    ...inputs.map(([name, spec]) => row(`\`${name}\``, defaultCell(spec), spec.description)),
  ].join('\n'),
  outputs: [
    row('output', 'meaning'),
    row('---', '---'),
    ...outputs.map(([name, description]) => row(`\`${name}\``, description)),
  ].join('\n'),
});

/**
 * The README with fresh tables. Throws when a marker is missing, twice, or out of order.
 * @param {string} readme
 */
export function withTables(readme) {
  return Object.entries(readmeTables()).reduce((text, [name, table]) => {
    const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
    const [before = '', rest, twice] = text.split(start);
    const [inside, after, again] = (rest ?? '').split(end);
    if (rest === undefined || after === undefined || twice !== undefined || again !== undefined) {
      throw new Error(`README.md must hold ${start} and ${end} once each, in this order`);
    }
    return inside === undefined ? text : `${before}${start}\n${table}\n${end}${after}`;
  }, readme);
}
