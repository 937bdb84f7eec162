export type Commented = 'created' | 'updated' | 'unchanged' | 'skipped' | 'no-token' | 'refused';

/** What the guard asks of the code host: a comment on the pull request, and whether a commit ran somewhere. */
export interface Review {
  /**
   * Creates or replaces the one comment that carries the marker. `skipped` when the run belongs to no pull request,
   * `no-token` without a token, `refused` when the token may not write (a fork). `if-there` only replaces: all is well
   * needs no new comment. Throws `review-failed`; the caller makes a warning of it.
   */
  comment(marker: string, body: string, when?: 'always' | 'if-there'): Promise<Commented>;
  /**
   * Files that the pull request adds, changes or renames, relative to the repository root; undefined when the run belongs to none
   * or GitHub does not tell. Never throws.
   */
  changed(): Promise<ReadonlySet<string> | undefined>;
  /** True when this very commit has a successful deployment in that environment. Throws `review-failed`. */
  deployed(environment: string, sha: string): Promise<boolean>;
}
