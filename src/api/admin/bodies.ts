/** Routes that move bodies out of the database, step by step, while the server runs. */
import { z } from "zod";
import { countUnmoved, moveStep } from "../../store/bodies/move.ts";
import { bodyTables } from "../../store/bodies/removals.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";

const cursor = z
  .strictObject({
    table: z.enum(bodyTables),
    after: z.array(z.string().max(2_048)).min(2).max(4).nullable(),
  })
  .describe("`next` of the previous step");

const step = z.object({
  moved: z.int().describe("The number of bodies that this step moved"),
  bytes: z.int().describe("Their stored bytes"),
  next: cursor.nullable().describe("The start of the next step; null after the last"),
});

export function bodyRoutes(app: Api, { store }: ApiServices): void {
  const tags = ["Admin: bodies"];
  const unmoved = z.object({
    bodies: z.int().describe("Bodies in the database that belong into the body store"),
    bytes: z.int().describe("Their stored bytes"),
  });
  const look = {
    tags,
    summary: "The bodies that a move would take",
    description: "Reads every row of three tables: on a large database it takes minutes.",
    response: { 200: unmoved },
  };
  app.get("/bodies", { schema: look }, () => countUnmoved(store));
  const schema = {
    tags,
    summary: "Move a part of the bodies from the database into the body store",
    description:
      "Call it with `next` of the answer before until that is null; `systole move-bodies` does. What is moved stays moved, so it may begin anew at any time.",
    body: z.strictObject({ from: cursor.nullish() }).nullish(),
    response: { 200: step },
  };
  app.post("/bodies/move", { schema }, (request) => moveStep(store, request.body?.from ?? undefined));
}
