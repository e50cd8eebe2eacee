/** Routes for the tokens with which a person's own clients upload. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { ConnectionId } from "../../store/connections.ts";
import {
  listUploadTokens,
  makeUploadToken,
  revokeUploadToken,
  rotateUploadToken,
  type UploadToken,
} from "../../store/upload-tokens.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { noteChange } from "./auditing.ts";
import { iso, isoOrNull, noContent, time } from "./parameters.ts";
import { userParams } from "./users.ts";

const tags = ["Admin: users"];
const tokenParams = userParams.extend({ token_id: z.guid() });

const shown = component(
  "UploadToken",
  z.object({
    id: z.string(),
    kind: z
      .enum(["upload", "refresh"])
      .describe("`refresh`: of an app's SDK, which makes itself an access token with it every hour"),
    created_at: time,
    last_used_at: time.nullable(),
    expires_at: time.nullable().describe("The end of a token that was rotated; it is refused from then on"),
    revoked_at: time.nullable(),
  }),
);

const show = (token: UploadToken): z.output<typeof shown> => ({
  id: token.token_id,
  kind: token.kind === "refresh" ? "refresh" : "upload",
  created_at: iso(token.created_at),
  last_used_at: isoOrNull(token.last_used_at),
  expires_at: isoOrNull(token.expires_at),
  revoked_at: isoOrNull(token.revoked_at),
});

export function uploadTokenRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  makeRoute(app, services);
  rotateRoute(app, services);
  revokeRoute(app, services);
}

async function idOf({ store }: ApiServices, environmentId: string, userId: string): Promise<ConnectionId> {
  const connection = await connectionOf(store.db, environmentId, userId);
  return { environmentId, userId: connection.user_id };
}

function listRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "The upload tokens of a person, newest first; ended ones included",
    params: userParams,
    response: { 200: z.object({ data: z.array(shown) }) },
  };
  app.get("/users/:id/upload-tokens", { schema }, async (request) => {
    const id = await idOf(services, environmentIdOf(request), request.params.id);
    return { data: (await listUploadTokens(services.store.db, id)).map(show) };
  });
}

function makeRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Make another upload token for a person",
    description: "Only this answer contains the token itself.",
    params: userParams,
    response: { 201: shown.extend({ token: z.string() }) },
  };
  app.post("/users/:id/upload-tokens", { schema }, async (request, reply) => {
    const { providers, store } = services;
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const provider = providers.find(({ slug }) => slug === connection.provider);
    if (provider?.connecting.kind !== "upload") {
      throw new SystoleError("PROVIDER_TAKES_NO_UPLOADS", { provider: connection.provider });
    }
    const id = { environmentId: connection.environment_id, userId: connection.user_id };
    const { token, row } = await makeUploadToken(store.db, id);
    noteChange(request, { after: show(row) });
    return reply.code(201).send({ ...show(row), token });
  });
}

const usualSeconds = 7 * 86_400;
const longestSeconds = 90 * 86_400;

function rotateRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Rotate an upload token: make its successor, and let the former one end after a while",
    description: "Both are valid until then. Only this answer contains the new token.",
    params: tokenParams,
    body: z
      .strictObject({
        valid_for_seconds: z
          .int()
          .min(0)
          .max(longestSeconds)
          .default(usualSeconds)
          .describe("The time for which the former token is still valid. 0: it ends at once"),
      })
      .nullish(),
    response: { 201: shown.extend({ token: z.string(), former: shown }) },
  };
  app.post("/users/:id/upload-tokens/:token_id/rotate", { schema }, async (request, reply) => {
    const { id: userId, token_id: tokenId } = request.params;
    const id = await idOf(services, environmentIdOf(request), userId);
    const seconds = request.body?.valid_for_seconds ?? usualSeconds;
    const rotated = await rotateUploadToken(services.store.db, { ...id, tokenId }, seconds);
    if (rotated === null) throw new SystoleError("RESOURCE_NOT_FOUND", { token_id: tokenId });
    const [successor, former] = [show(rotated.successor.row), show(rotated.former)];
    noteChange(request, { before: former, after: successor });
    return reply.code(201).send({ ...successor, token: rotated.successor.token, former });
  });
}

function revokeRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Revoke an upload token, at once",
    params: tokenParams,
    response: noContent,
  };
  app.delete("/users/:id/upload-tokens/:token_id", { schema }, async (request, reply) => {
    const { id: userId, token_id: tokenId } = request.params;
    const id = await idOf(services, environmentIdOf(request), userId);
    const revoked = await revokeUploadToken(services.store.db, { ...id, tokenId });
    if (revoked === null) throw new SystoleError("RESOURCE_NOT_FOUND", { token_id: tokenId });
    noteChange(request, { after: show(revoked) });
    return reply.code(204).send();
  });
}
