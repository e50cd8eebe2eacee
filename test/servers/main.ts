/**
 * `npm run servers`: brings up the servers that the tests of destinations use and keeps them until Ctrl-C, so
 * that test runs in between find them running. Arguments choose kinds: `npm run servers -- kafka s3`.
 */
import { once } from "node:events";
import { errorMessage } from "../../src/errors.ts";
import { recipesAlone, serversOfKinds } from "./all.ts";
import { isUnavailable, releaseServers, type ServerRecipe, useServer } from "./server.ts";

async function bringUp(recipe: ServerRecipe): Promise<string> {
  const server = await useServer(recipe);
  if (isUnavailable(server)) return `NOT RUN: ${recipe.name}: ${server.reason}`;
  const ports = Object.entries(server.ports).map(([name, port]) => `${name} ${port}`);
  return `${recipe.name}: ${server.version} on 127.0.0.1, ${ports.join(", ")}`;
}

const wanted = process.argv.slice(2);
const kinds = await serversOfKinds();
const known = kinds.map(({ kind }) => kind);
const unknown = wanted.filter((kind) => !known.includes(kind));
if (unknown.length > 0) {
  process.stderr.write(`There is no kind ${unknown.join(", ")}; the kinds are ${known.join(", ")}.\n`);
  process.exit(1);
}
const chosen = wanted.length === 0 ? kinds : kinds.filter(({ kind }) => wanted.includes(kind));
const recipes = recipesAlone(chosen);
for (const recipe of recipes) {
  process.stdout.write(`${await bringUp(recipe).catch((error) => errorMessage(error))}\n`);
}
process.stdout.write("Ctrl-C stops them, once no test run uses them any more.\n");
const kept = setInterval(() => {}, 60_000);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
clearInterval(kept);
await releaseServers();
