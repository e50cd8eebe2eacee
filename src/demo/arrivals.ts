/** Counts the arrived records against those that the watch synced. */
import { describeEvent, recordKey } from "./describe-event.ts";
import type { ReceivedEvent } from "./receiver.ts";
import type { Screen } from "./screen.ts";

const wanted = ["activity", "daily", "sleep"];

export class Arrivals {
  readonly #screen: Screen;
  readonly #records = new Set<string>();
  #expected = 0;
  #events = 0;
  #unverified = 0;
  #isQuiet = false;
  #check: () => void = () => {};

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get allVerified(): boolean {
    return this.#unverified === 0;
  }

  add(event: ReceivedEvent): void {
    this.#events++;
    if (event.verified) this.#records.add(recordKey(event));
    else this.#unverified++;
    this.#check();
    if (this.#isQuiet) return;
    this.#screen.print(`${new Date().toISOString().slice(11, 23)}  ${describeEvent(event)}`);
    this.#showProgress();
  }

  /** Keeps counting, and prints nothing more. */
  becomeQuiet(): void {
    this.#isQuiet = true;
  }

  /**
   * Expects a person's records beside those expected before. `synced` counts bodies by resource; one of a resource in
   * `recordsOf` becomes one record.
   */
  expect(synced: Readonly<Record<string, number>>, recordsOf: Readonly<Record<string, string>>): void {
    for (const resource of Object.keys(recordsOf)) this.#expected += synced[resource] ?? 0;
    this.#showProgress();
    this.#check();
  }

  /** Resolves to whether it arrived: any record, the first of each kind, or every one. */
  wait(what: "any" | "first" | "all", signal: AbortSignal): Promise<boolean> {
    const conditions = {
      any: () => this.#dataRecords() > 0,
      first: () => this.#hasFirstOfEach(),
      all: () => this.#hasAll(),
    };
    return new Promise((resolve) => {
      const isThere = conditions[what];
      this.#check = () => {
        if (isThere()) resolve(true);
      };
      signal.addEventListener("abort", () => resolve(isThere()), { once: true });
      this.#check();
    });
  }

  summary(): string {
    if (this.#events === 0) return "Nothing had arrived yet";
    const signatures = this.allVerified
      ? "every signature verified"
      : `${this.#unverified} with a wrong signature`;
    const records = this.#expected === 0 ? "" : ` about ${this.#dataRecords()} of ${this.#expected} records`;
    return `${this.#events} events${records} arrived, ${signatures}`;
  }

  #hasFirstOfEach(): boolean {
    return wanted.every((type) => [...this.#records].some((key) => key.startsWith(`${type} `)));
  }

  #hasAll(): boolean {
    return this.#expected > 0 && this.#dataRecords() >= this.#expected;
  }

  #dataRecords(): number {
    return [...this.#records].filter((key) => wanted.some((type) => key.startsWith(`${type} `))).length;
  }

  #showProgress(): void {
    if (this.#expected > 0) this.#screen.progress(this.#dataRecords(), this.#expected, "records delivered");
  }
}
