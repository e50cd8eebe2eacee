/**
 * The workers of one queue in this process. They rest until one is woken, which wakes the next as soon as it has found a
 * job, and looks again when it has worked it. All of them woken for one job, or asking once a second each, would cost more
 * than the job.
 */
export class QueueWorkers {
  readonly #wake: (workerId: string) => void;
  readonly #groups = new Set<WorkerGroup>();

  /** @param wake makes a worker look for a job, once more if it is looking */
  constructor(wake: (workerId: string) => void) {
    this.#wake = wake;
  }

  /** Adds workers that take the same jobs: every job of the queue, or only some. */
  add(takesAll: boolean): WorkerGroup {
    const group = new WorkerGroup(takesAll, this.#wake, () => this.wake());
    this.#groups.add(group);
    return group;
  }

  remove(group: WorkerGroup): void {
    this.#groups.delete(group);
  }

  /** A job may be due: wakes one worker that would take it. */
  wake(): void {
    const groups = [...this.#groups];
    if (groups.some((group) => group.takesAll && group.wakeOne())) return;
    for (const group of groups) if (!group.takesAll) group.wakeOne();
  }

  /**
   * Wakes one worker of each group. Otherwise workers that take only some jobs would sleep through a backlog of others:
   * between two jobs a worker that takes all seems to be at rest.
   */
  wakeEach(): void {
    for (const group of this.#groups) group.wakeOne();
  }
}

export class WorkerGroup {
  readonly takesAll: boolean;
  readonly #wake: (workerId: string) => void;
  readonly #wakeNext: () => void;
  /** The one that was woken longest ago comes first. */
  readonly #resting = new Set<string>();

  constructor(takesAll: boolean, wake: (workerId: string) => void, wakeNext: () => void) {
    this.takesAll = takesAll;
    this.#wake = wake;
    this.#wakeNext = wakeNext;
  }

  /** Adds a worker at rest. */
  join(workerId: string): void {
    this.#resting.add(workerId);
  }

  /** A worker has found a job. */
  begin(workerId: string): void {
    this.#resting.delete(workerId);
    this.#wakeNext();
  }

  /** It has worked it, and looks for another one. */
  end(workerId: string): void {
    this.#resting.add(workerId);
    this.#wake(workerId);
  }

  /** Returns whether one was at rest. */
  wakeOne(): boolean {
    const [workerId] = this.#resting;
    if (workerId === undefined) return false;
    this.#resting.delete(workerId);
    this.#resting.add(workerId);
    this.#wake(workerId);
    return true;
  }
}
