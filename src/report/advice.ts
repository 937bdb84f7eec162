import type { Problem } from '../domain/problem.ts';
import { limit, oneLine } from './words.ts';

/** One thing to do: a sentence, and where there is one, the command (or policy) to paste. */
export interface Advice {
  readonly say: string;
  readonly run?: string;
}

/** The words for one problem: what happened, and what the reader does next. */
export interface Words {
  readonly what: string;
  readonly next: string;
  /** A command or a snippet to paste, belonging to `next`. */
  readonly run?: string;
}

/** The words for one notice; `next` is absent when there is nothing to do. */
export interface NoticeWords {
  readonly what: string;
  readonly next?: string;
  readonly run?: string;
}

export type Fields = Readonly<Record<string, string>>;

export const advice = (words: { readonly next: string; readonly run?: string }): Advice =>
  words.run === undefined ? { say: words.next } : { say: words.next, run: words.run };

/** What the run is about; `kind` is added where the words are chosen. */
export const kindOf = (of: { readonly fields: Fields }): 'DB cluster' | 'DB instance' =>
  of.fields.kind === 'cluster' ? 'DB cluster' : 'DB instance';

/** The same in the names of the AWS CLI. */
export const cliKind = (of: { readonly fields: Fields }): 'db-cluster' | 'db-instance' =>
  of.fields.kind === 'cluster' ? 'db-cluster' : 'db-instance';

/** `dialect` is added where the words are chosen; without it the database is PostgreSQL. */
export const isMysql = (of: { readonly fields: Fields }): boolean => of.fields.dialect === 'mysql';

type Name = string | readonly string[];

/** The first of these fields that is there, made safe for one line, or else the fallback. */
export function field(of: { readonly fields: Fields }, name: Name, fallback: string): string {
  const names = typeof name === 'string' ? [name] : name;
  const value = names.map((each) => oneLine(of.fields[each] ?? '', 300)).find((each) => each !== '');
  return value ?? fallback;
}

/** A duration field: milliseconds become what the input would say (`30s`). */
export function timeField(of: { readonly fields: Fields }, name: Name, fallback: string): string {
  const value = field(of, name, fallback);
  return /^\d{1,15}$/.test(value) ? limit(Number(value)) : value;
}

/** The text when the field is there, else nothing. */
export function when(of: { readonly fields: Fields }, name: Name, text: (value: string) => string): string {
  const value = field(of, name, '');
  return value === '' ? '' : text(value);
}

/** `: what the server or AWS said`, or the technical line, or nothing. */
export const because = (problem: Problem): string => {
  const said = field(problem, 'message', oneLine(problem.detail, 400)).replace(/[.:\s]+$/, '');
  return said === '' ? '' : `: ${said}`;
};
