/** Shows a destination as operators see it. */
import { z } from "zod";
import type { StoredDestination } from "../../store/destinations.ts";
import { component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { shownSettings } from "./masking.ts";
import { id, iso, isoOrNull, time } from "./parameters.ts";

export const settingsObject = z.record(z.string(), z.unknown());
export const formats = z.enum(["terra", "fhir", "fit"]);
export const unsupported = z.enum(["terra", "leave_out"]);
export const payloads = z.enum(["inline", "link"]);

export const shownDestination = component(
  "Destination",
  z.object({
    id,
    kind: z.string(),
    settings: settingsObject.describe("Secrets are masked"),
    event_types: z.array(z.string()).nullable().describe("Null takes every type"),
    format: formats.describe("The format of records; events without records are always Terra's"),
    when_unsupported: unsupported.describe(
      "What becomes of records without a form in the format: sent as Terra's, or not sent",
    ),
    payload: payloads.describe("Whether data events are sent whole, or as a link to their body"),
    link: z
      .object({ destination_id: id.nullable(), expires_in: z.int() })
      .describe("The object store of linked bodies, and the links' seconds; null: Systole serves them"),
    active: z.boolean(),
    disabled_code: z.string().nullable().describe("The reason why Systole disabled it"),
    failing_since: time.nullable().describe("The first failure since the last success"),
    breaker: z
      .object({
        paused_until: time.describe("From then on the next delivery is an attempt at it"),
        failures: z.int().describe("Failures in a row, in the process that paused last"),
      })
      .nullable()
      .describe("The pause after ten failures in a row; null while deliveries are sent as they come"),
    revision: z.int().describe("Rises with every change of settings"),
    created_at: time,
    updated_at: time,
  }),
);

export async function showDestination({ destinations }: ApiServices, kept: StoredDestination) {
  const { settings: schema } = await destinations.load(kept.kind);
  return {
    id: kept.destination_id,
    kind: kept.kind,
    settings: shownSettings(schema, kept.settings),
    event_types: kept.event_types,
    format: kept.format,
    when_unsupported: kept.when_unsupported,
    payload: kept.payload,
    link: { destination_id: kept.link_destination_id, expires_in: kept.link_expires_seconds },
    active: kept.active,
    disabled_code: kept.disabled_code,
    failing_since: isoOrNull(kept.failing_since),
    breaker: breakerOf(kept),
    revision: kept.revision,
    created_at: iso(kept.created_at),
    updated_at: iso(kept.updated_at),
  };
}

function breakerOf({ active, failing_since, paused_until, paused_after }: StoredDestination) {
  if (!active || failing_since === null || paused_until === null || paused_after === null) return null;
  return { paused_until: iso(paused_until), failures: paused_after };
}
