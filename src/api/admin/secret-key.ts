/**
 * Routes that rotate the secret key: values encrypted with former keys are encrypted again, step by step, while the
 * server runs.
 */
import { z } from "zod";
import { countUnderFormerKeys, type ResealCursor, resealStep } from "../../store/reseal.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";

const valuesPerStep = 200;

const cursor = z
  .strictObject({ column: z.int().min(0).max(1_000), after: z.array(z.string().max(512)).max(4).nullable() })
  .describe("`next` of the previous step");

const step = z.object({
  resealed: z.int().describe("The number of values that this step encrypted again"),
  failed: z
    .array(z.object({ table: z.string(), column: z.string() }))
    .describe("Values that no key of this server decrypts, with their column"),
  next: cursor.nullable().describe("The start of the next step; null after the last"),
});

export function secretKeyRoutes(app: Api, { store }: ApiServices): void {
  const tags = ["Admin: secret key"];
  const counted = z.object({
    under_former_keys: z.int().describe("Values not encrypted with the current key"),
  });
  const look = {
    tags,
    summary: "The number of values encrypted with former secret keys",
    response: { 200: counted },
  };
  app.get("/secret-key", { schema: look }, async () => ({
    under_former_keys: await countUnderFormerKeys(store),
  }));
  const schema = {
    tags,
    summary: "Encrypt a part of the values of former secret keys with the current one",
    description:
      "Call it with `next` of the answer before until that is null; `systole rotate-key` does. What is done stays done, so it may begin anew at any time.",
    body: z.strictObject({ from: cursor.nullish() }).nullish(),
    response: { 200: step },
  };
  app.post("/secret-key/reseal", { schema }, async (request) => {
    const from: ResealCursor = request.body?.from ?? { column: 0, after: null };
    return resealStep(store, from, valuesPerStep);
  });
}
