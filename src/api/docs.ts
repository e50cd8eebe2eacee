/** The OpenAPI document, made from the routes' own schemas, and a page to read it. */
import swagger from "@fastify/swagger";
import type { FastifyInstance, FastifySchema } from "fastify";
import manifest from "../../package.json" with { type: "json" };
import { problemComponent } from "./components.ts";
import { type Html, html, sendPage } from "./html.ts";
import { type Api, componentSchemas, documented } from "./schema.ts";
import type { ApiServices } from "./services.ts";

const problem = {
  description: "Any error",
  content: { "application/problem+json": { schema: problemComponent } },
};

export function useOpenApi(app: FastifyInstance, { publicUrl }: ApiServices): void {
  app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Systole",
        description: "A self-hosted wearable-data hub.",
        version: manifest.version,
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          devId: { type: "apiKey", in: "header", name: "dev-id" },
          apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
          admin: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: "systole_session" },
        },
      },
    },
    transform: ({ schema, url }) => ({ schema: documented(withProblem(schema)), url }),
  });
}

/** Adds the one error body to a route's answers. */
function withProblem(schema: FastifySchema | undefined): FastifySchema {
  return { ...schema, response: { ...Object(schema?.response), default: problem } };
}

export function docsRoutes(app: Api): void {
  const hidden = { schema: { hide: true } };
  app.get("/docs/json", hidden, async () => openApi(app));
  app.get("/docs", hidden, async (_request, reply) => sendPage(reply, 200, docsPage(openApi(app))));
}

/** The fields of the document that are read here. */
interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, { summary?: string; tags?: string[] }>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

/** Adds shared schemas at the end: the plugin would take them apart to resolve their references itself. */
function openApi(app: Api): OpenApi {
  const document = app.swagger() as unknown as OpenApi;
  return { ...document, components: { ...document.components, schemas: componentSchemas() } };
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
}

function docsPage(document: OpenApi): { title: string; body: Html } {
  const sections = Map.groupBy(operationsOf(document), ({ tag }) => tag);
  const rendered = [...sections].map(
    ([tag, operations]) => html`<h2>${tag}</h2>
<table><tbody>${operations.map(operationRow)}</tbody></table>
`,
  );
  const lead = html`<p>The same as <a href="/docs/json">an OpenAPI 3.1 document</a>, with every parameter and body.</p>`;
  return { title: "Systole: the HTTP API", body: html`${lead}${rendered}` };
}

const operationRow = ({ method, path, summary }: Operation): Html =>
  html`<tr><td><code>${method}</code></td><td><code>${path}</code><br><small>${summary}</small></td></tr>
`;

const operationsOf = ({ paths = {} }: OpenApi): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary = "", tags = [] }]) => {
      return { method: method.toUpperCase(), path, summary, tag: tags[0] ?? "Other" };
    }),
  );
