/**
 * A receiver as developers write it by Terra's published rules, with Terra's own package and types: verifies
 * the raw body, skips a `terra-reference` it has seen, stores people under the reference at the top of
 * `auth`, and activities and nights under `metadata.summary_id` alone.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Terra, verifyTerraWebhookSignature } from "terra-api";
import { keepAliveTimeout } from "../../src/keep-alive.ts";

export interface Row {
  readonly userId: string;
  readonly startTime: string;
}

export class TerraReceiver {
  /** Shown once, when the destination is created. */
  secret = "";
  /** The developer's people, by their own id. */
  readonly people = new Map<string, string>();
  readonly activities = new Map<string, Row>();
  readonly nights = new Map<string, Row>();
  /** Deliveries that were not stored, and why. */
  readonly refused: string[] = [];
  readonly #references = new Set<string>();
  readonly #server = createServer({ keepAliveTimeout }, (request, response) => {
    const { "terra-signature": signature, "terra-reference": reference } = request.headers;
    text(request)
      .then((body) => this.#take(body, String(signature), String(reference)))
      .then(() => response.writeHead(200).end())
      .catch((error: unknown) => {
        this.refused.push(String(error));
        response.writeHead(400).end();
      });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #take(body: string, signature: string, reference: string): Promise<void> {
    await verifyTerraWebhookSignature(body, signature, this.secret);
    if (this.#references.has(reference)) return;
    this.#references.add(reference);
    const event = JSON.parse(body);
    if (event.type === "auth") this.#connect(event);
    if (event.type === "activity") file(this.activities, event.user, event.data);
    if (event.type === "sleep") file(this.nights, event.user, event.data);
  }

  #connect({ reference_id, user }: { reference_id?: string; user: Terra.TerraUser }): void {
    if (!reference_id) throw new Error("an auth event without its reference_id");
    this.people.set(reference_id, user.user_id);
  }
}

interface Identified {
  readonly metadata: { readonly summary_id: string; readonly start_time: string };
}

/** Stores records like an upsert by primary key: one with the same id is replaced. */
function file(table: Map<string, Row>, user: Terra.TerraUser, records: readonly Identified[]): void {
  for (const { metadata } of records) {
    table.set(metadata.summary_id, { userId: user.user_id, startTime: metadata.start_time });
  }
}
