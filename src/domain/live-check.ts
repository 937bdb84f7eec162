/** A question about rows that a migration's success hangs on. Names are unquoted, as PostgreSQL stores them. */
export type LiveQuestion = { readonly schema: string; readonly table: string } & (
  | {
      readonly kind: 'duplicates';
      readonly columns: readonly string[];
      /** NULLS NOT DISTINCT: two NULLs are duplicates, too. */
      readonly nullsEqual: boolean;
    }
  | { readonly kind: 'nulls'; readonly columns: readonly string[] }
  | { readonly kind: 'rows'; readonly columns: readonly [] }
);

/** Nobody counts further than this: the migration fails at the first. */
export const COUNTED_TO = 1000;

/** Never a value of a row: it may be a secret, or about a person. */
export type LiveAnswer =
  /** Groups of duplicates, rows with a NULL, or rows; at most {@link COUNTED_TO} + 1, which means "more". */
  | { readonly state: 'found'; readonly count: number }
  | { readonly state: 'none' }
  /** `why` is half a sentence: `it took longer than 3 s`. */
  | { readonly state: 'unknown'; readonly why: string };

/** A question with the statement that hangs on it. */
export interface LiveCheck {
  readonly question: LiveQuestion;
  readonly migration: string;
  /** Path of the file, relative to the repository root. */
  readonly path: string;
  /** 1-based; the line at which the rules find the statement or its clause. */
  readonly line: number;
  readonly endLine: number;
  /** First words of the statement. */
  readonly statement: string;
  /** The table as findings name it: without the default schema. */
  readonly label: string;
  /** Rules whose finding at that line is about the same rows. */
  readonly rules: readonly string[];
  /** An earlier part of the file is committed by then and stays when this statement fails. */
  readonly leavesHalf: boolean;
}

export type Ask = (question: LiveQuestion) => Promise<LiveAnswer>;
