/**
 * The routes that open-wearables' SDKs for Swift, Flutter and React Native call, and those with which a developer's
 * server prepares them. They change nothing but the form: a body goes to the upload format of that name.
 */
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { SystoleError } from "../errors.ts";
import type { SentUpload } from "../ingest/accept-upload.ts";
import { incomingBody, passBodies, refused } from "../ingest/receiving/incoming-body.ts";
import type { Connection } from "../store/connections.ts";
import { connectionIdOf } from "../store/connections.ts";
import { makeInvitationCode } from "../store/invitation-codes.ts";
import type { Store } from "../store/store.ts";
import {
  type AppCredentials,
  connectionNamed,
  connectionOfApp,
  environmentOfDeveloper,
  sdkFormat,
} from "./credentials.ts";
import { GuessBrake } from "./guesses.ts";
import { issueTokens, redeemInvitation, refreshTokens } from "./tokens.ts";

const tags = ["Open-wearables SDKs"];
const invitationSeconds = 7 * 86_400;
const largestLog = 1024 * 1024;
const userParams = z.object({ id: z.string().max(64) });

export interface OpenWearables {
  readonly store: Store;
  accept(connection: Connection, sent: SentUpload): Promise<unknown>;
  /** Called once the sender of a body is known, before the body is read. */
  known(request: IncomingMessage): void;
}

export function openWearablesRoutes(services: OpenWearables) {
  return async (app: FastifyInstance): Promise<void> => {
    const prefix = "/api/v1/sdk/users";
    app.register(async (pushed) => syncRoute(pushed, services), { prefix });
    app.register(async (pushed) => logsRoute(pushed, services), { prefix });
    app.register(
      async (asked) => {
        tokenRoutes(asked, services);
        invitationRoutes(asked, services);
      },
      { prefix: "/api/v1" },
    );
  };
}

/** What an app sends: the body is kept as it came, whatever content type it has. */
function syncRoute(app: FastifyInstance, { store, accept, known }: OpenWearables): void {
  passBodies(app);
  const schema = {
    tags,
    summary: "Health data of an app's SDK",
    description: "With `Authorization` and the access token, with or without `Bearer`. Records follow.",
    params: userParams,
  };
  app.post<{ Params: { id: string } }>("/:id/sync", { schema }, async (request, reply) => {
    try {
      const connection = await connectionOfApp(store.db, request, request.params.id);
      known(request.raw);
      const sent = { format: sdkFormat, headers: request.headers, body: incomingBody(request) };
      await accept(connection, sent);
      return taken(reply, connection);
    } catch (error) {
      return refused(reply, error);
    }
  });
}

function logsRoute(app: FastifyInstance, { store }: OpenWearables): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: largestLog }, (_request, body, done) =>
    done(null, body),
  );
  const logs = { tags, summary: "What an app's SDK logged; counted and not kept", params: userParams };
  app.post<{ Params: { id: string } }>(
    "/:id/logs",
    { schema: logs, bodyLimit: largestLog },
    async (request, reply) => {
      const connection = await connectionOfApp(store.db, request, request.params.id);
      const bytes = Buffer.isBuffer(request.body) ? request.body.length : 0;
      request.log.info({ user_id: connection.user_id, bytes }, "log of an app's SDK");
      return taken(reply, connection);
    },
  );
}

const taken = (reply: FastifyReply, { user_id }: Connection) =>
  reply.code(202).send({ status_code: 202, response: "accepted", user_id });

function tokenRoutes(app: FastifyInstance, { store: { db } }: OpenWearables): void {
  const credentials = z
    .object({ app_id: z.string().max(256).optional(), app_secret: z.string().max(256).optional() })
    .nullish();
  const token = {
    tags,
    summary: "Tokens for the app of a connected person",
    description:
      "Called by the developer's server, with `app_id` (the dev-id) and `app_secret` (an API key), or with the key in `X-Open-Wearables-API-Key`.",
    params: userParams,
    body: credentials,
  };
  app.post<{ Params: { id: string }; Body: AppCredentials | null }>(
    "/users/:id/token",
    { schema: token },
    async (request, reply) => {
      const environmentId = await environmentOfDeveloper(db, request, request.body ?? {});
      const connection = await connectionNamed(db, environmentId, request.params.id);
      return secret(reply).send(await issueTokens(db, connectionIdOf(connection)));
    },
  );
  const refresh = {
    tags,
    summary: "Another access token",
    body: z.object({ refresh_token: z.string().min(1).max(256) }),
  };
  app.post<{ Body: { refresh_token: string } }>(
    "/token/refresh",
    { schema: refresh },
    async (request, reply) => secret(reply).send(await refreshTokens(db, request.body.refresh_token)),
  );
}

function invitationRoutes(app: FastifyInstance, { store: { db } }: OpenWearables): void {
  const brake = new GuessBrake();
  const make = {
    tags,
    summary: "A code that the person types into the app, instead of tokens",
    description: "With `X-Open-Wearables-API-Key`. It works once, within seven days.",
    params: userParams,
  };
  app.post<{ Params: { id: string } }>(
    "/users/:id/invitation-code",
    { schema: make },
    async (request, reply) => {
      const environmentId = await environmentOfDeveloper(db, request);
      const connection = await connectionNamed(db, environmentId, request.params.id);
      const { code, expiresAt } = await makeInvitationCode(db, connectionIdOf(connection), invitationSeconds);
      const answer = { code, user_id: connection.user_id, expires_at: expiresAt.toISOString() };
      return secret(reply).code(201).send(answer);
    },
  );
  const redeem = {
    tags,
    summary: "Tokens for a code",
    body: z.object({ code: z.string().regex(/^[A-Z2-9]{8}$/) }),
  };
  app.post<{ Body: { code: string } }>(
    "/invitation-code/redeem",
    { schema: redeem },
    async (request, reply) => {
      const wait = brake.waitSeconds(request.ip);
      if (wait !== null) {
        reply.header("retry-after", wait);
        throw new SystoleError("INVITATION_CODES_GUESSED");
      }
      const { userId, tokens } = await redeemInvitation(db, request.body.code).catch((error: unknown) => {
        brake.noteWrong(request.ip);
        throw error;
      });
      return secret(reply).send({ ...tokens, user_id: userId });
    },
  );
}

const secret = (reply: FastifyReply): FastifyReply => reply.header("cache-control", "no-store");
