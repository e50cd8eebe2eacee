import type { Clock } from "../../kit/clock.ts";
import { RateLimit } from "../rate-limit.ts";
import { V4Data } from "./data.ts";
import { Grants } from "./grants.ts";
import { changed, type Switches, usualSwitches } from "./switches.ts";

const SHORT_LIMIT = 3_000;
const LONG_LIMIT = 100_000;

/** The state of the Dynamic API v4. */
export class V4World {
  readonly grants: Grants;
  readonly data = new V4Data();
  readonly rateLimit: RateLimit;
  #switches = usualSwitches();

  constructor(clock: Clock) {
    this.grants = new Grants(clock, () => this.#switches);
    this.rateLimit = new RateLimit(clock, () => 0, { short: () => SHORT_LIMIT, long: () => LONG_LIMIT });
  }

  get switches(): Switches {
    return this.#switches;
  }

  /** @throws ZodError when a name or value is unknown */
  change(changes: unknown): void {
    this.#switches = changed(this.#switches, changes);
  }

  resetSwitches(): void {
    this.#switches = usualSwitches();
  }

  clear(): void {
    this.grants.clear();
    this.data.clear();
    this.rateLimit.reset();
    this.resetSwitches();
  }
}
