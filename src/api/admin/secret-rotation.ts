/** Rotates secrets that Systole issued; the former one stays valid for a while. */
import { z } from "zod";
import type { Destination } from "../../destinations/destination.ts";
import { overlap, withNewSecret, withOverlap } from "../../destinations/rotation.ts";
import { SystoleError } from "../../errors.ts";
import { mask } from "../../security/url-masking.ts";
import type { DestinationSettings } from "../../store/destinations.ts";
import { environmentIdOf } from "../auth.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { assertSecretsGiven } from "./changed-address.ts";
import { assertUsable, changeFromKept } from "./destination-change.ts";
import { showDestination, shownDestination } from "./destination-view.ts";
import { mergeSettings } from "./masking.ts";
import { idParams } from "./parameters.ts";

const usualOverlapSeconds = 24 * 3_600;
const longestOverlapSeconds = 30 * 24 * 3_600;

const body = z
  .strictObject({
    secret: z.string().optional().describe("A secret of your own; when absent, Systole makes one"),
    overlap_seconds: z
      .int()
      .min(0)
      .max(longestOverlapSeconds)
      .default(usualOverlapSeconds)
      .describe("The time for which the former secret signs as well; 0 ends it at once"),
    overlap: overlap.optional(),
  })
  .nullish();

export function rotationRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags: ["Admin: destinations"],
    summary: "Give a destination a new secret; the former one stays valid for a while",
    description: "Only this answer contains the new secret.",
    params: idParams,
    body,
    response: { 200: shownDestination.extend({ secret: z.string() }) },
  };
  app.post("/destinations/:id/rotate-secret", { schema }, async (request) => {
    const target = { environmentId: environmentIdOf(request), destinationId: request.params.id };
    const { secret: given, overlap_seconds: seconds = usualOverlapSeconds, overlap } = request.body ?? {};
    let secret = "";
    const { before, after } = await changeFromKept(services, target, async ({ kind, settings: kept }) => {
      const destination = await services.destinations.load(kind);
      secret = newSecret(destination, kept, given);
      const signing = overlap === undefined ? kept : { ...kept, overlap };
      const settings = withNewSecret(signing, secret, seconds === 0 ? null : secondsFromNow(seconds));
      return { settings, ...(await assertUsable(services, destination, settings)) };
    });
    const answer = await showDestination(services, after);
    noteChange(request, { before: await showDestination(services, before), after: answer });
    return { ...answer, secret };
  });
}

/** @throws SystoleError DESTINATION_HAS_NO_SECRET, REQUEST_INVALID */
function newSecret(destination: Destination, kept: DestinationSettings, given: string | undefined): string {
  const { secret: former, ...others } = kept;
  const issued = destination.issueSecrets?.(given === undefined ? others : { ...others, secret: given });
  if (issued === undefined) throw new SystoleError("DESTINATION_HAS_NO_SECRET", { kind: destination.kind });
  if (issued.secret !== former) return issued.secret;
  throw fieldInvalid("body", "secret", "is the present one");
}

/**
 * Returns the stored settings with a change applied. A secret that it changes stays valid for another day.
 *
 * @throws SystoleError SETTINGS_SECRETS_WANTED
 */
export function changedSettings(
  destination: Destination,
  kept: DestinationSettings,
  change: Readonly<Record<string, unknown>>,
): DestinationSettings {
  const merged = mergeSettings(destination.settings, kept, change);
  assertSecretsGiven(destination.settings, { kept, change, merged });
  if (destination.issueSecrets === undefined) return merged;
  const named = Object.keys(change).filter((name) => change[name] !== mask);
  return withOverlap(kept, merged, new Set(named), secondsFromNow(usualOverlapSeconds));
}

const secondsFromNow = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);
