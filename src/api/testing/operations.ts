/** Every operation of the admin API, as its OpenAPI document lists them. */
import type { TestApi } from "./api.ts";

export interface Operation {
  readonly method: string;
  /** As Fastify knows it, e.g. /admin/v1/destinations/:id. */
  readonly route: string;
  /** Below /admin/v1, with something in the place of each parameter. */
  readonly path: string;
}

const someId = "01a20000-0000-7000-8000-000000000000";

export async function adminOperations(api: TestApi): Promise<Operation[]> {
  const document = (await (await fetch(`${api.url}/docs/json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith("/admin/v1/"))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        route: path.replaceAll(/\{([^}]+)\}/g, ":$1"),
        path: path.slice("/admin/v1".length).replaceAll(/\{[^}]+\}/g, someId),
      })),
    );
}
