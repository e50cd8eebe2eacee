/** The dashboard's types of the API, made from the OpenAPI document by its own tool. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

/** The tool needs a TypeScript of its own, so it is the workspace's. */
export function dashboardTypes(root: string, document: string): string {
  const require = createRequire(path.join(root, "dashboard/package.json"));
  const cli = path.join(path.dirname(require.resolve("openapi-typescript/package.json")), "bin/cli.js");
  return execFileSync(process.execPath, [cli, path.join(root, document)], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
