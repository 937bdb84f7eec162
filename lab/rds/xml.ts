export type XmlList = { readonly item: string; readonly entries: readonly XmlValue[] };
export type XmlValue = string | number | boolean | Date | undefined | XmlList | XmlRecord;
export type XmlRecord = { readonly [name: string]: XmlValue };

/** A Query-protocol list: `<Outer><Item>…</Item></Outer>`. */
export const list = (item: string, entries: readonly XmlValue[]): XmlList => ({ item, entries });

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
const escaped = (text: string): string => text.replace(/[&<>"\r]/g, (char) => ENTITIES[char] ?? char);

const isList = (value: XmlList | XmlRecord): value is XmlList =>
  'item' in value && Array.isArray(value.entries);

const body = (value: XmlValue): string => {
  if (value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return escaped(String(value));
  if (isList(value)) return value.entries.map((entry) => element(value.item, entry)).join('');
  return Object.entries(value)
    .map(([name, inner]) => element(name, inner))
    .join('');
};

/** Undefined values leave no element, as AWS leaves out what is not set. */
const element = (name: string, value: XmlValue): string =>
  value === undefined ? '' : `<${name}>${body(value)}</${name}>`;

const NAMESPACE = 'http://rds.amazonaws.com/doc/2014-10-31/';

export const answer = (action: string, result: XmlRecord | undefined, requestId: string): string =>
  `<${action}Response xmlns="${NAMESPACE}">${element(`${action}Result`, result)}` +
  `${element('ResponseMetadata', { RequestId: requestId })}</${action}Response>`;

export const errorAnswer = (
  error: { readonly code: string; readonly message: string; readonly status: number },
  requestId: string,
): string =>
  `<ErrorResponse xmlns="${NAMESPACE}">` +
  element('Error', {
    Type: error.status < 500 ? 'Sender' : 'Receiver',
    Code: error.code,
    Message: error.message,
  }) +
  `${element('RequestId', requestId)}</ErrorResponse>`;
