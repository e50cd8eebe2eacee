import type { SandboxPlace } from "../contract.ts";
import { Faults } from "../kit/faults.ts";
import { RequestLog } from "../kit/request-log.ts";
import { RateLimit } from "./rate-limit.ts";
import { Sender } from "./sender.ts";
import { People } from "./state.ts";
import { Subscriptions } from "./subscriptions.ts";
import { Tokens } from "./tokens.ts";

export const client = { id: "sandbox-client", secret: "sandbox-secret" };

/** A person's lists without an end, of one collection or of all: the first page again, or pages with always new tokens. */
export interface PageFault {
  readonly userId: string;
  readonly pages: "repeat" | "endless";
  readonly collection: string | undefined;
}

/** The state of a sandbox, all of it in memory. Routes get it and nothing else. */
export class Sandbox {
  readonly place: SandboxPlace;
  readonly people: People;
  readonly tokens: Tokens;
  readonly subscriptions: Subscriptions;
  readonly sender: Sender;
  readonly rateLimit: RateLimit;
  readonly faults = new Faults(/^\/v2\/usercollection\//);
  readonly requests = new RequestLog();
  pageFault: PageFault | null = null;
  /** The documents of one page; samples come more to a page. */
  pageSize = { documents: 50, samples: 1_000 };

  constructor(place: SandboxPlace) {
    const { clock } = place;
    this.place = place;
    this.people = new People(clock);
    this.tokens = new Tokens(clock);
    this.subscriptions = new Subscriptions(clock);
    this.sender = new Sender(clock, client.secret, this.subscriptions);
    this.rateLimit = new RateLimit(clock);
    clock.onMove(() => this.sender.retryUndelivered());
  }

  /** Resets everything but the clock. */
  reset(): void {
    this.pageFault = null;
    for (const part of [
      this.people,
      this.tokens,
      this.subscriptions,
      this.sender,
      this.rateLimit,
      this.faults,
      this.requests,
    ])
      part.clear();
  }
}
