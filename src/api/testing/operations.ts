/** Lists every operation of the admin API that needs credentials, from its OpenAPI document. */
import type { TestApi } from "./api.ts";

export interface Operation {
  readonly method: string;
  /** The route in Fastify's spelling, e.g. /admin/v1/destinations/:id. */
  readonly route: string;
  /** The path below /admin/v1, with a value for each parameter. */
  readonly path: string;
}

const someId = "01a20000-0000-7000-8000-000000000000";

export async function adminOperations(api: TestApi): Promise<Operation[]> {
  const document = (await (await fetch(`${api.url}/docs/json`)).json()) as {
    paths: Record<string, Record<string, { readonly security: readonly unknown[] }>>;
  };
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith("/admin/v1/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security.length > 0)
        .map(([method]) => ({
          method: method.toUpperCase(),
          route: path.replaceAll(/\{([^}]+)\}/g, ":$1"),
          path: path.slice("/admin/v1".length).replaceAll(/\{[^}]+\}/g, someId),
        })),
    );
}
