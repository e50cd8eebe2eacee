/**
 * The route for "test connection". A target that does not answer is a result of the test, not an error of this request.
 */
import { z } from "zod";
import { DeliveryError } from "../../destinations/destination.ts";
import { errorCatalogue } from "../../errors.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { idParams } from "./parameters.ts";

const checkMs = 15_000;

const result = z.object({
  ok: z.boolean(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  remedy: z.string().nullable(),
  reason: z.string().nullable().describe("The error, in the words of the network or the target"),
  status: z.int().nullable().describe("The target's HTTP status, where it has one"),
  response: z.string().nullable().describe("The beginning of the target's answer"),
});

export function checkRoute(app: Api, { destinations }: ApiServices): void {
  const schema = {
    tags: ["Admin: destinations"],
    summary: "Test a stored destination",
    params: idParams,
    response: { 200: result },
  };
  app.post("/destinations/:id/check", { schema }, async (request) => {
    const target = { environmentId: environmentIdOf(request), destinationId: request.params.id };
    try {
      const { status, response } = await destinations.check(target, AbortSignal.timeout(checkMs));
      const receipt = { status: status ?? null, response: response ?? null };
      return { ok: true, code: null, message: null, remedy: null, reason: null, ...receipt };
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      return refusalOf(error);
    }
  });
}

function refusalOf({ code, message, details, receipt }: DeliveryError): z.output<typeof result> {
  return {
    ok: false,
    code,
    message,
    remedy: errorCatalogue[code].remedy,
    reason: typeof details.reason === "string" ? details.reason : null,
    status: receipt.status ?? null,
    response: receipt.response ?? null,
  };
}
