/** The text under `Database error:` of P3018: display form, the `Position:` block, and Rust's debug form of the error. */
import { displayed } from './connection-errors.mjs';

/** @typedef {import('pg').DatabaseError} DatabaseError */

/**
 * @param {DatabaseError} error
 * @param {string} script what was sent; positions are relative to it
 */
export function describeDatabaseError(error, script) {
  const position = error.position === undefined ? '' : positionBlock(Number(error.position), script);
  return `${displayed(error)}${position}\n\n${debugForm(error)}`;
}

/**
 * The five lines before the error and the line itself, with the raw colour codes that the engine always writes.
 * @param {number} position of the server; it counts characters, the engine compares it with bytes
 * @param {string} script
 */
function positionBlock(position, script) {
  const lines = script.split('\n').map((line) => line.replace(/\r$/, ''));
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    bytes += Buffer.byteLength(line) + 1;
    if (position > bytes) continue;
    const number = index + 1;
    const before = ['', '', '', '', '', ...lines.slice(0, index)].slice(-5).flatMap((text, place) => {
      const count = number - (5 - place);
      return count < 0 ? [] : [`\u001b[1m${pad(count)}\u001b[0m${text === '' ? '' : ' '}${text}`];
    });
    return `\n\nPosition:\n${before.join('\n')}\n\u001b[1m${pad(number)}\u001b[1;31m ${line}\u001b[0m`;
  }
  return '';
}

/** @param {number} value */
function pad(value) {
  return String(value).padStart(3);
}

/** @type {Readonly<Record<string, string>>} */
const SEVERITIES = { ERROR: 'Error', FATAL: 'Fatal', PANIC: 'Panic' };

/** @param {DatabaseError} error */
function debugForm(error) {
  const severity = error.severity ?? 'ERROR';
  const parsed = SEVERITIES[severity];
  const fields = [
    `severity: ${quoted(severity)}`,
    `parsed_severity: ${parsed === undefined ? 'None' : `Some(${parsed})`}`,
    `code: SqlState(E${error.code})`,
    `message: ${quoted(error.message)}`,
    `detail: ${text(error.detail)}`,
    `hint: ${text(error.hint)}`,
    `position: ${positionForm(error)}`,
    `where_: ${text(error.where)}`,
    `schema: ${text(error.schema)}`,
    `table: ${text(error.table)}`,
    `column: ${text(error.column)}`,
    `datatype: ${text(error.dataType)}`,
    `constraint: ${text(error.constraint)}`,
    `file: ${text(error.file)}`,
    `line: ${error.line === undefined ? 'None' : `Some(${error.line})`}`,
    `routine: ${text(error.routine)}`,
  ];
  return `DbError { ${fields.join(', ')} }`;
}

/** @param {DatabaseError} error */
function positionForm(error) {
  if (error.position !== undefined) return `Some(Original(${error.position}))`;
  if (error.internalPosition === undefined) return 'None';
  return `Some(Internal { position: ${error.internalPosition}, query: ${quoted(error.internalQuery ?? '')} })`;
}

/** @param {string | undefined} value */
function text(value) {
  return value === undefined ? 'None' : `Some(${quoted(value)})`;
}

/**
 * Rust's `{:?}` of a string.
 * @param {string} value
 */
function quoted(value) {
  const escaped = value
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\0', '\\0')
    .replaceAll('\ufeff', '\\u{feff}');
  return `"${escaped}"`;
}
