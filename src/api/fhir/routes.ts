/** The read-only FHIR server: an environment's records as resources, with the environment's credentials. */
import { SystoleError } from "../../errors.ts";
import { definitions } from "../../export/fhir/definitions.ts";
import type { KeyCheck } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { capabilityStatement } from "./capability.ts";
import { credentialsOf } from "./credentials.ts";
import { observationRoutes } from "./observations.ts";
import { fhirJson, sendOutcome } from "./outcome.ts";
import { patientRoutes } from "./patients.ts";
import { singleRoutes } from "./single.ts";

export function fhirRoutes(app: Api, services: ApiServices, keys: KeyCheck): void {
  app.register(
    async (fhir: Api) => {
      fhir.setErrorHandler(sendOutcome);
      fhir.setNotFoundHandler((request, reply) =>
        sendOutcome(new SystoleError("ROUTE_NOT_FOUND"), request, reply),
      );
      // Nothing is written here: a body of any type, up to the server's usual length, is an address that does not exist.
      fhir.removeAllContentTypeParsers();
      fhir.addContentTypeParser("*", { parseAs: "buffer" }, (_request, _body, done) => done(null));
      fhir.addHook("onSend", async (_, reply) => {
        reply.header("content-type", fhirJson);
      });
      publicRoutes(fhir, services);
      fhir.register(async (closed: Api) => {
        closed.addHook("onRequest", async (request) => {
          request.environment = await keys.authenticate(request, credentialsOf(request));
        });
        patientRoutes(closed, services);
        observationRoutes(closed, services);
        singleRoutes(closed, services);
      });
    },
    { prefix: "/fhir" },
  );
}

/** Routes for definitions, which say nothing of any environment and need no credentials. */
function publicRoutes(app: Api, { publicUrl, exports }: ApiServices): void {
  const schema = (summary: string) => ({ tags: ["FHIR"], summary, hide: true });
  app.get("/metadata", { schema: schema("What this server can be asked for") }, async () =>
    capabilityStatement(publicUrl),
  );
  for (const [path, definition] of Object.entries(definitions(exports.fhirBase)))
    app.get(`/${path}`, { schema: schema(definition.title) }, async () => definition);
}
