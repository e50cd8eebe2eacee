/**
 * Writes changes of budgets together: those that come while a transaction of the same budgets is under way share the next
 * one. They would wait for its row in any case, each with a connection of its own.
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

export class BudgetChanges {
  readonly #db: Database;
  /** For each group of budgets whose states are being written, the changes that wait. */
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(db: Database) {
    this.#db = db;
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
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) waiting.push(one);
    else void this.#writeAll(name, budgets, [one]);
  }

  async #writeAll(name: string, budgets: readonly BudgetId[], waiting: Waiting[]): Promise<void> {
    this.#waiting.set(name, waiting);
    while (waiting.length > 0) await this.#write(budgets, waiting.splice(0, largestBatch));
    this.#waiting.delete(name);
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
