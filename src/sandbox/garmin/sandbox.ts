import type { SandboxPlace } from "../contract.ts";
import { Faults } from "../kit/faults.ts";
import { RequestLog } from "../kit/request-log.ts";
import { Keys } from "./keys.ts";
import { noLimits, Paces, usualLimits } from "./pace.ts";
import { People } from "./state.ts";

/** The paths of data: every service but that of keys. */
export const dataPaths = /^\/(?!personalapitoken-service\/)[a-z]+-service\//;

/** How lists of activities come, against the documentation: `repeat` gives the first page again, `endless` new ones. */
export type PageFault = "repeat" | "endless";

/** The state of a sandbox, all of it in memory. Routes get it and nothing else. */
export class Sandbox {
  readonly place: SandboxPlace;
  readonly people: People;
  readonly keys: Keys;
  readonly paces: Paces;
  readonly faults = new Faults(dataPaths);
  readonly requests = new RequestLog();
  /** Whose pages are faulty; everybody's without a person. */
  pageFault: { readonly pages: PageFault; readonly userId: number | undefined } | null = null;

  constructor(place: SandboxPlace) {
    this.place = place;
    this.people = new People(place.clock);
    this.keys = new Keys(place.clock);
    this.paces = new Paces(place.clock, place.isUnlimited ? noLimits : usualLimits);
  }

  /** Resets everything but the clock. */
  reset(): void {
    for (const part of [this.people, this.keys, this.paces, this.faults, this.requests]) part.clear();
    this.pageFault = null;
  }
}
