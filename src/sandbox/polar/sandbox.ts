import type { Clock } from "../kit/clock.ts";
import { Faults } from "../kit/faults.ts";
import { RequestLog } from "../kit/request-log.ts";
import { RateLimit } from "./rate-limit.ts";
import { People } from "./state.ts";
import { Tokens } from "./tokens.ts";
import { V4World } from "./v4/world.ts";
import { WebhookRegistry } from "./webhooks/registry.ts";
import { WebhookSender } from "./webhooks/sender.ts";

/** The state of a sandbox, all of it in memory. Routes get it and nothing else. */
export class Sandbox {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly people: People;
  readonly tokens: Tokens;
  readonly faults = new Faults(/^\/v[34](\/|\?|$)/);
  readonly requests = new RequestLog();
  readonly rateLimit: RateLimit;
  readonly webhooks = new WebhookRegistry();
  readonly sender: WebhookSender;
  /** The Dynamic API v4: its consents, bodies, limits and switches. */
  readonly v4: V4World;
  readonly log: (line: string) => void;
  /** The address at which it is served. */
  readonly url: string;

  constructor(options: {
    clientId: string;
    clientSecret: string;
    url: string;
    clock: Clock;
    log: (line: string) => void;
  }) {
    this.clientId = options.clientId;
    this.clientSecret = options.clientSecret;
    this.log = options.log;
    this.clock = options.clock;
    this.url = options.url;
    this.people = new People(this.clock);
    this.tokens = new Tokens(this.clock);
    this.rateLimit = new RateLimit(this.clock, () => this.people.registered().length);
    this.v4 = new V4World(this.clock);
    this.sender = new WebhookSender(this.clock, this.webhooks, options.log);
    this.clock.onMove(() => this.sender.retryUndelivered());
  }

  /** Resets everything but the clock. */
  reset(): void {
    this.people.clear();
    this.tokens.clear();
    this.faults.clear();
    this.requests.clear();
    this.rateLimit.reset();
    this.v4.clear();
    this.webhooks.remove();
    this.sender.clear();
  }
}
