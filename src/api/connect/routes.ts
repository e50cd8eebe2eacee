/** The routes that a person visits while connecting: the pages of a connect link, and the return from the provider. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { findProvider } from "../../providers/registry.ts";
import { asSystoleError, logFailure } from "../errors.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { callbackRoute } from "./callback.ts";
import { sendDocument } from "./document.ts";
import { fileFormRoute } from "./files.ts";
import { imageRoutes } from "./images.ts";
import { lookOfEnd } from "./look.ts";
import { problemPage } from "./pages/outcome.ts";
import { replacementRoutes } from "./replacement.ts";
import { sessionRoutes } from "./session-routes.ts";
import { startRoute } from "./start.ts";
import { uploadPageRoutes } from "./uploads.ts";

export function connectRoutes(app: Api, services: ApiServices): void {
  app.register(async (pages: Api) => {
    pages.setErrorHandler((thrown, request, reply) => sendProblemPage(services, thrown, request, reply));
    sessionRoutes(pages, services);
    startRoute(pages, services);
    uploadPageRoutes(pages, services);
    fileFormRoute(pages, services);
    imageRoutes(pages, services);
    callbackRoute(pages, services);
    replacementRoutes(pages, services);
  });
}

/** Errors as a page: they are read in a browser. */
async function sendProblemPage(
  services: ApiServices,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const error = asSystoleError(thrown);
  logFailure(error, thrown, request);
  const { provider: slug } = Object(request.params) as { readonly provider?: unknown };
  const provider = typeof slug === "string" ? findProvider(slug) : null;
  const look = await lookOfEnd(services, request, { environmentId: null, language: null });
  const page = problemPage({ code: error.code, provider, traceId: request.id }, look);
  return sendDocument(reply, error.status, page, look);
}
