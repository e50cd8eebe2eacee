/**
 * The job queues, stored by pg-boss in the same database, so that a job and its row are written in one
 * transaction. Deliveries, of which there are most by far, have a table of their own (due-deliveries.ts). A job is one
 * try: its worker writes the outcome and, if there is to be another try, enqueues a job with its own time. pg-boss hands a
 * job out again only when its worker died.
 */
import { sql } from "kysely";
import pg from "pg";
import { fromKysely, type Job, PgBoss } from "pg-boss";
import { type Repeating, repeat } from "../repeating.ts";
import { listen } from "./channel.ts";
import { countDue } from "./due-deliveries.ts";
import { DueNews, dueChannel } from "./due-news.ts";
import { QueueWorkers, type WorkerGroup } from "./queue-workers.ts";
import type { Database, DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

/** The data of each queue's jobs. */
export interface QueueJobs {
  ingest: { environmentId: string; taskId: string };
  request: DataRequestJob;
  /** One batch; `step` is the number of the next one. */
  renormalize: { environmentId: string; renormalizationId: string; step: number };
  /** An uploaded file. */
  import: { environmentId: string; uploadId: string };
}

/** One event with records that a developer requested. */
export interface DataRequestJob {
  readonly environmentId: string;
  readonly userId: string;
  /** The data type. */
  readonly type: string;
  readonly withSamples: boolean;
  readonly reference: string;
  readonly traceId: string;
  readonly naturalKeys: readonly string[];
  /** Unix milliseconds; events of this request are not older. */
  readonly requestedAt: number;
}

export type QueueName = keyof QueueJobs;

export interface NewJob<Name extends QueueName> {
  readonly data: QueueJobs[Name];
  /** The earliest start: a time, or milliseconds from now by the database's clock; now when absent. */
  readonly startAfter?: Date | number;
  /** Of the jobs that are due, those with higher numbers come first; 0 when absent. */
  readonly priority?: number;
}

export interface WorkOptions {
  /** The number of jobs passed to the handler together. */
  readonly batchSize: number;
  /** The number of handlers at a time in this process. */
  readonly concurrency: number;
  /** Only jobs of these priorities, both included; all when absent. */
  readonly priorities?: { readonly from: number; readonly to: number };
}

interface WorkerOptions<Name extends QueueName> {
  readonly options: WorkOptions;
  readonly group: WorkerGroup;
  readonly handler: (jobs: readonly QueueJobs[Name][], signal: AbortSignal) => Promise<void>;
}

export interface QueueDepth {
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
}

/** How long a killed worker keeps its jobs; about twice this at most. */
const leaseSeconds = 10;
const queueNames: readonly QueueName[] = ["ingest", "request", "renormalize", "import"];
/** A file of ten years takes minutes, on a small machine an hour; what is stored by then is not stored again. */
const importSeconds = 6 * 3_600;
/** Between two looks for jobs that became due; a new job is announced at once. */
const lookMs = 1_000;
/** A connection may be dead without a sign. */
const lookTimeoutMs = 5_000;
/** Workers are woken by us. This is how often they look if they are not. */
const restSeconds = 30;
const mostConnections = 6;
/** The one that listens is always there; store/citus/distribute.ts looks for it. */
const applicationName = "systole queue";

export class Queue {
  readonly dueNews = new DueNews();
  readonly #boss: PgBoss;
  readonly #pool: pg.Pool;
  readonly #connectionString: string;
  readonly #workers = new Map<string, QueueWorkers>();
  readonly #looking: Repeating;

  private constructor(connectionString: string, onError: (error: Error) => void) {
    this.#connectionString = connectionString;
    this.#pool = new pg.Pool({
      connectionString,
      application_name: applicationName,
      max: mostConnections,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    this.#pool.on("error", onError);
    this.#boss = new PgBoss({
      db: {
        executeSql: (text, values) => this.#pool.query(text, values),
        listen: async (channel) => ({ close: this.#listenForJobs(channel) }),
      },
      schedule: false,
      superviseIntervalSeconds: leaseSeconds / 2,
      monitorIntervalSeconds: leaseSeconds / 2,
      maintenanceIntervalSeconds: 3_600,
      useListenNotify: true,
    });
    this.#boss.on("error", onError);
    this.#looking = repeat(
      () => this.#look(),
      lookMs,
      (error) => onError(error as Error),
    );
  }

  static async open(connectionString: string, onError: (error: Error) => void): Promise<Queue> {
    const queue = new Queue(connectionString, onError);
    try {
      await queue.#start();
      return queue;
    } catch (error) {
      await queue.close().catch(() => {});
      throw error;
    }
  }

  async #start(): Promise<void> {
    await this.#boss.start();
    for (const name of queueNames) {
      const options = {
        heartbeatSeconds: leaseSeconds,
        expireInSeconds: name === "import" ? importSeconds : 900,
        retryLimit: 1_000_000,
        retryDelay: 2,
        retentionSeconds: 30 * 24 * 3_600,
        deleteAfterSeconds: 60,
        notify: true,
      };
      await this.#boss.createQueue(name, options);
      await this.#boss.updateQueue(name, options);
    }
  }

  /** Writes jobs with the caller's connection: inside a transaction they appear when it commits. */
  async enqueue<Name extends QueueName>(
    db: DatabaseOrTransaction,
    name: Name,
    jobs: readonly NewJob<Name>[],
  ): Promise<void> {
    if (jobs.length === 0) return;
    const inserts = jobs.map(({ data, startAfter, priority }) => ({
      data,
      ...(startAfter !== undefined && { startAfter: startText(startAfter) }),
      ...(priority !== undefined && { priority }),
    }));
    await this.#boss.insert(name, inserts, { db: fromKysely(db) });
  }

  /**
   * Works a queue. A handler that returns has settled every job of its batch; one that throws gets the whole
   * batch again after a pause, so its work must be repeatable. Returns a function that takes no more jobs and
   * waits for the running handlers.
   */
  async work<Name extends QueueName>(
    name: Name,
    options: WorkOptions,
    handler: (jobs: readonly QueueJobs[Name][], signal: AbortSignal) => Promise<void>,
  ): Promise<() => Promise<void>> {
    const workers = this.#workersOf(name);
    const group = workers.add(options.priorities === undefined);
    const ids = await Promise.all(
      Array.from({ length: options.concurrency }, () => this.#startWorker(name, { options, group, handler })),
    );
    return async () => {
      workers.remove(group);
      await Promise.all(ids.map((id) => this.#boss.offWork(name, { id, wait: true })));
    };
  }

  async #startWorker<Name extends QueueName>(
    name: Name,
    { options: { batchSize, priorities }, group, handler }: WorkerOptions<Name>,
  ): Promise<string> {
    const id: string = await this.#boss.work<QueueJobs[Name]>(
      name,
      {
        batchSize,
        pollingIntervalSeconds: restSeconds,
        notifyPollingIntervalSeconds: restSeconds,
        ...(priorities && { minPriority: priorities.from, maxPriority: priorities.to }),
      },
      async (jobs: Job<QueueJobs[Name]>[]) => {
        const [first] = jobs;
        if (first === undefined) return;
        group.begin(id);
        try {
          await handler(
            jobs.map((job) => job.data),
            first.signal,
          );
        } finally {
          group.end(id);
        }
      },
    );
    group.join(id);
    return id;
  }

  #workersOf(name: QueueName): QueueWorkers {
    const known = this.#workers.get(name);
    if (known !== undefined) return known;
    const workers = new QueueWorkers((id) => this.#boss.notifyWorker(id));
    this.#workers.set(name, workers);
    return workers;
  }

  /** pg-boss announces each job on its channel. It would wake all workers of the queue; we wake one. */
  #listenForJobs(channel: string): () => Promise<void> {
    return listen({
      connectionString: this.#connectionString,
      applicationName,
      channel,
      onMessage: (name) => this.#workers.get(name)?.wake(),
      onConnected: () => this.#looking.now(),
    });
  }

  /** Wakes workers of each queue that has a job that is due. */
  async #look(): Promise<void> {
    if (this.#workers.size === 0) return;
    // The driver knows the timeout, its types do not.
    const query: pg.QueryConfig<string[][]> & { readonly query_timeout: number } = {
      name: "queues_due",
      query_timeout: lookTimeoutMs,
      text: `SELECT name FROM unnest($1::text[]) AS queue(name) WHERE EXISTS (
        SELECT FROM pgboss.job WHERE job.name = queue.name AND state < 'active' AND NOT blocked AND start_after <= now())`,
      values: [[...this.#workers.keys()]],
    };
    const { rows } = await this.#pool.query(query);
    for (const { name } of rows) this.#workers.get(name)?.wakeEach();
  }

  /** Calls back when deliveries may be due; returns a function that ends it. */
  listenForDue(onDue: () => void): () => Promise<void> {
    return listen({
      connectionString: this.#connectionString,
      applicationName: "systole due",
      channel: dueChannel,
      onMessage: onDue,
      onConnected: onDue,
    });
  }

  /** Returns how many jobs of each queue are due and how many are under way: deliveries now, others a few seconds ago. */
  async depths(db: Database): Promise<QueueDepth[]> {
    const [queues, due] = await Promise.all([this.#boss.getQueues([...queueNames]), countDue(db)]);
    const others = queues.map(({ name, readyCount, activeCount }) => ({
      queue: name,
      waiting: readyCount,
      active: activeCount,
    }));
    return [...others, { queue: "deliver", ...due }];
  }

  /** Stops taking jobs and waits for the running ones. */
  async close(): Promise<void> {
    try {
      await Promise.all([this.#looking.stop(), this.#boss.stop({ graceful: true, timeout: 15_000 })]);
    } finally {
      await this.#pool.end();
    }
  }
}

/**
 * Deletes the jobs of this queue, which name a person and their records. Finished ones would stay for up to
 * an hour.
 */
export async function deleteDataRequests(
  tx: DatabaseTransaction,
  environmentId: string,
  userIds: readonly string[],
): Promise<void> {
  await sql`DELETE FROM pgboss.job WHERE name = 'request'
    AND data->>'environmentId' = ${environmentId} AND data->>'userId' = ANY(${userIds})`.execute(tx);
}

/** Returns the start in pg-boss's form; a delay is an interval of PostgreSQL. */
const startText = (startAfter: Date | number): Date | string =>
  typeof startAfter === "number" ? `${Math.round(startAfter)} milliseconds` : startAfter;
