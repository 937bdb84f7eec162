/** Runs a few jobs at a time, in their order. */
export class Pool {
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #stopped = false;

  constructor(places: number) {
    this.#places = places;
  }

  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#places) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    try {
      if (this.#stopped) throw new Error('the pool was stopped');
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }

  /** What has not begun yet never will. */
  stop(): void {
    this.#stopped = true;
  }
}
