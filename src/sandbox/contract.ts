/** The contract of a provider's sandbox: it plays the provider over HTTP and shares nothing with its plugin. */
import type { FastifyInstance } from "fastify";
import type { Clock } from "./kit/clock.ts";

export interface SandboxPlugin {
  /** The provider's slug. */
  readonly slug: string;
  readonly displayName: string;
  /**
   * The provider's own paths, each with everything below it, e.g. "/v3". Where another sandbox has the same path, this
   * one is served below `/<slug>` instead.
   */
  readonly paths: readonly string[];
  /**
   * Set when its paths and its control side are always at the root, because its addresses were published when it was
   * the only one. One sandbox at most.
   */
  readonly isAtRoot?: true;
  /** Set when the demo can play a person with it. */
  readonly demo?: SandboxDemo;
  create(place: SandboxPlace): SandboxInstance;
}

export interface SandboxDemo {
  /** The data type of the record that each thing becomes, by the names that `generate` counts. */
  readonly recordsOf: Readonly<Record<string, string>>;
  /**
   * How a person connects: `page` on the provider's consent page, `key` by a key of `POST users/{id}/keys` that they
   * paste, `token` by an app that redeems a token and is then told to the sandbox: `POST users` with `user_id`,
   * `upload_token` and `upload_urls`.
   */
  readonly connecting: "page" | "key" | "token";
  /** How many days are made, where asking for more of them would take long. */
  readonly days?: number;
  /** The body of `POST users` that makes the demo's person, where the usual person does not suit it. */
  readonly person?: Readonly<Record<string, unknown>>;
}

/** Everything a sandbox is given when it starts. */
export interface SandboxPlace {
  /** Base of the provider's paths, without a slash at its end. */
  readonly url: string;
  /** Base of its control side: `${controlUrl}/users` makes a person. */
  readonly controlUrl: string;
  /** The clock that all sandboxes share; a move of it is a move for all. */
  readonly clock: Clock;
  /** Writes one line for each event worth reporting. */
  readonly log: (line: string) => void;
  /** Whether a caller may be faster than the provider allows, because nothing is tried but what bodies look like. */
  readonly isUnlimited: boolean;
}

export interface SandboxInstance {
  /** The environment variables that point Systole at it. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Answers the provider's own paths, and the control side below `/_sandbox`: `POST users` → `{user_id}`, `PUT
   * users/{id}/{resource}`, `POST users/{id}/generate` → `{stored}`, counts of what was made by resource; `GET
   * requests`, `POST` and `DELETE faults`; where people connect by a key, `POST users/{id}/keys` → `{key}`.
   * `?sandbox_user={id}` on the consent page approves at once.
   */
  readonly app: FastifyInstance;
  /** Returns its part of the page at `/`, as HTML. */
  home(): string;
  /** Tells whether uploads reach Systole: its webhook is active, or the provider has none. */
  isSubscribed(): boolean;
  close(): Promise<void>;
}
