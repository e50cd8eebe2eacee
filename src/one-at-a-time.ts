/** Does work one piece after the other, in the order given. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** Returns the result of the work, which begins when all before it has ended, however that ended. */
  do<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
