/** Settings of how large bodies reach a destination: whole, or as a link, and through which object store. */
import { z } from "zod";
import type { Destination } from "../../destinations/destination.ts";
import { parseSettings } from "../../destinations/settings.ts";
import type { SystoleError } from "../../errors.ts";
import { findDestination, type LinkTerms, type StoredDestination } from "../../store/destinations.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { ApiServices } from "../services.ts";
import { payloads } from "./destination-view.ts";
import { id } from "./parameters.ts";

const shortestSeconds = 60;
const longestSeconds = 7 * 24 * 3_600;
const usualSeconds = 24 * 3_600;

export const linkParameters = {
  payload: payloads.optional().describe("`link`: data events arrive as a link to their body"),
  link: z
    .strictObject({
      destination_id: id.nullish().describe("An object store of this environment; null: Systole serves them"),
      expires_in: z
        .int()
        .min(shortestSeconds)
        .max(longestSeconds)
        .optional()
        .describe("Seconds; a day when absent"),
    })
    .optional()
    .describe("The object store for bodies that are sent as links"),
};

type LinkParameters = z.output<z.ZodObject<typeof linkParameters>>;

/** @throws SystoleError REQUEST_INVALID */
export async function linkChange(
  services: ApiServices,
  environmentId: string,
  destination: Destination,
  { payload, link }: LinkParameters,
  kept: StoredDestination | null,
): Promise<{ payload: LinkParameters["payload"]; link: LinkTerms | undefined }> {
  if (payload === "link" && destination.takesLinks !== true) {
    throw bodyInvalid("payload", `a ${destination.kind} destination takes no links`);
  }
  if (link === undefined) return { payload, link };
  const { destination_id: destinationId = kept?.link_destination_id ?? null, expires_in } = link;
  const expiresSeconds = expires_in ?? kept?.link_expires_seconds ?? usualSeconds;
  if (destinationId !== null && destinationId === kept?.destination_id)
    throw linkInvalid("is this one itself");
  if (destinationId !== null) await assertShares(services, { environmentId, destinationId });
  return { payload, link: { destinationId, expiresSeconds } };
}

async function assertShares(
  { store, destinations }: ApiServices,
  target: { readonly environmentId: string; readonly destinationId: string },
): Promise<void> {
  const kept = await findDestination(store.db, store.keyRing, target);
  if (kept === null) throw linkInvalid("is no destination of this environment");
  const destination = await destinations.load(kept.kind);
  const sender = destination.connect(parseSettings(destination, kept.settings), destinations.context);
  const shares = sender.share !== undefined;
  await sender.close();
  if (!shares) throw linkInvalid(`is a ${kept.kind} destination, which is no object store`);
}

const linkInvalid = (problem: string): SystoleError => bodyInvalid("link.destination_id", problem);

const bodyInvalid = (field: string, problem: string): SystoleError => fieldInvalid("body", field, problem);
