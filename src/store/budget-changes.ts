/**
 * Writes changes of budgets together: those that come while a transaction of the same budgets is under way share the next
 * one. Changes of a client's budget alone would wait for its row in any case, each with a connection of its own.
 */
import { type BudgetId, type ChangeOfBudgets, changeBudgets } from "./provider-budgets.ts";
import { storeError } from "./store-error.ts";
import type { Database } from "./tables.ts";

/** Keeps a transaction, and with it the wait of all callers, short. */
const largestBatch = 100;

interface Waiting {
  /** Returns the states after this change. */
  change(states: readonly unknown[], now: number): readonly unknown[];
  written(): void;
  failed(error: unknown): void;
}

/** The changes that wait while one of the same budgets is being written. */
interface Group {
  readonly waiting: Waiting[];
  writingSince: number;
}

export class BudgetChanges {
  readonly #db: Database;
  readonly #stuckMs: number;
  /** By the budgets' names. */
  readonly #groups = new Map<string, Group>();

  /**
   * @param stuckMs how long changes wait for a transaction: one that takes longer may have lost its connection, of which
   * nothing tells for minutes
   */
  constructor(db: Database, stuckMs = 5_000) {
    this.#db = db;
    this.#stuckMs = stuckMs;
  }

  /** As `changeBudgets`. */
  change<Answer>(budgets: readonly BudgetId[], change: ChangeOfBudgets<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let answered: Answer;
      this.#add(budgets, {
        change(before, now) {
          const { states, answer } = change(before, now);
          answered = answer;
          return states;
        },
        written: () => resolve(answered),
        failed: reject,
      });
    });
  }

  #add(budgets: readonly BudgetId[], one: Waiting): void {
    const name = budgets.map(({ key }) => key.toString("hex")).join(" ");
    const group = this.#groups.get(name);
    if (group === undefined) void this.#writeAll(name, budgets, [one]);
    else if (performance.now() - group.writingSince < this.#stuckMs) group.waiting.push(one);
    else void this.#writeAll(name, budgets, [...group.waiting.splice(0), one]);
  }

  async #writeAll(name: string, budgets: readonly BudgetId[], waiting: Waiting[]): Promise<void> {
    const group: Group = { waiting, writingSince: 0 };
    this.#groups.set(name, group);
    while (waiting.length > 0) {
      group.writingSince = performance.now();
      await this.#write(budgets, waiting.splice(0, largestBatch));
    }
    if (this.#groups.get(name) === group) this.#groups.delete(name);
  }

  /** Writes a batch. When one of its changes throws, each is written alone, so that only the faulty one fails. */
  async #write(budgets: readonly BudgetId[], batch: readonly Waiting[]): Promise<void> {
    try {
      await changeBudgets(this.#db, budgets, (states, now) => ({
        states: batch.reduce((before, { change }) => change(before, now), states),
        answer: undefined,
      }));
    } catch (error) {
      if (batch.length === 1 || storeError(error) !== null) for (const { failed } of batch) failed(error);
      else for (const one of batch) await this.#write(budgets, [one]);
      return;
    }
    for (const { written } of batch) written();
  }
}
