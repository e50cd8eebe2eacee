/** Routes for named operators and for the admin token itself. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { rotateToken } from "../../store/admin-tokens.ts";
import { addOperator, listOperators, type Operator, revokeOperator } from "../../store/operators.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { id, idParams, iso, isoOrNull, noContent, time } from "./parameters.ts";

const tags = ["Admin: operators"];
const role = z.enum(["admin", "viewer"]).describe("`viewer` may read everything and change nothing");

const shown = z.object({
  id,
  name: z.string(),
  role,
  created_at: time,
  revoked_at: time.nullable(),
});

const show = (operator: Operator): z.output<typeof shown> => ({
  id: operator.operator_id,
  name: operator.name,
  role: operator.role,
  created_at: iso(operator.created_at),
  revoked_at: isoOrNull(operator.revoked_at),
});

export function operatorRoutes(app: Api, services: ApiServices): void {
  readAndMake(app, services);
  revoke(app, services);
  rotate(app, services);
}

function readAndMake(app: Api, { store }: ApiServices): void {
  const list = {
    tags,
    summary: "Every operator, revoked ones included",
    response: { 200: z.object({ data: z.array(shown) }) },
  };
  app.get("/operators", { schema: list }, async () => ({ data: (await listOperators(store.db)).map(show) }));

  const create = {
    tags,
    summary: "Make an operator",
    description: "Only this answer contains the token.",
    body: z.strictObject({ name: z.string().trim().min(1).max(100), role }),
    response: { 201: shown.extend({ token: z.string() }) },
  };
  app.post("/operators", { schema: create }, async (request, reply) => {
    const made = await addOperator(store.db, request.body);
    if (made === null) throw fieldInvalid("body", "name", "is already in use");
    noteChange(request, { after: show(made.operator) });
    return reply.code(201).send({ ...show(made.operator), token: made.token });
  });
}

function revoke(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Revoke an operator's token, at once",
    params: idParams,
    response: noContent,
  };
  app.delete("/operators/:id", { schema }, async (request, reply) => {
    const revoked = await revokeOperator(store.db, request.params.id);
    if (revoked === null) throw new SystoleError("RESOURCE_NOT_FOUND", { operator_id: request.params.id });
    noteChange(request, { before: { ...show(revoked), revoked_at: null }, after: show(revoked) });
    return reply.code(204).send();
  });
}

function rotate(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Replace the admin token",
    description:
      "The new one is in this answer and in no later one; the former ends at once, in every process, and cannot be given again.",
    response: { 200: z.object({ token: z.string() }) },
  };
  app.post("/token/rotate", { schema }, async () => ({
    token: await rotateToken(store.db),
  }));
}
