/** The contract of a provider's sandbox: it plays the provider over HTTP and shares nothing with its plugin. */
import type { FastifyInstance } from "fastify";
import type { Clock } from "./kit/clock.ts";

export interface SandboxPlugin {
  /** The provider's slug. */
  readonly slug: string;
  readonly displayName: string;
  /**
   * The provider's own paths, each with all that is below it, e.g. "/v3". Where another sandbox has one of them,
   * this one is served below `/<slug>`.
   */
  readonly paths: readonly string[];
  /**
   * Its paths and its control side are at the root, whatever others there are: its addresses were published when
   * it was the only one. One sandbox at most.
   */
  readonly isAtRoot?: true;
  /** Set where the demo can play a person with it. */
  readonly demo?: SandboxDemo;
  create(place: SandboxPlace): SandboxInstance;
}

export interface SandboxDemo {
  /** Data type of the record that one body of a resource becomes, by the names that `generate` answers. */
  readonly recordsOf: Readonly<Record<string, string>>;
}

/** Everything a sandbox is given when it starts. */
export interface SandboxPlace {
  /** Base of the provider's paths, without a slash at its end. */
  readonly url: string;
  /** Base of its control side: `${controlUrl}/users` makes a person. */
  readonly controlUrl: string;
  /** Shared by all sandboxes; whoever moves it, moves it for all. */
  readonly clock: Clock;
  /** Gets one line for each thing worth telling. */
  readonly log: (line: string) => void;
}

export interface SandboxInstance {
  /** Environment variables that point Systole at it. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Answers the provider's own paths, and the control side below `/_sandbox`: `POST users` → `{user_id}`,
   * `PUT users/{id}/{resource}`, `POST users/{id}/generate` → `{stored}`, `GET requests`, `POST` and `DELETE faults`.
   * `?sandbox_user={id}` on the page that asks for consent approves at once.
   */
  readonly app: FastifyInstance;
  /** Its part of the page at `/`, as HTML. */
  home(): string;
  /** Whether what is uploaded reaches Systole: its webhook is active, or the provider has none. */
  isSubscribed(): boolean;
  close(): Promise<void>;
}
