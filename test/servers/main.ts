/**
 * `npm run servers`: brings up the servers of the destinations' tests and keeps them until Ctrl-C, so that
 * test runs meanwhile find them running. Arguments choose kinds: `npm run servers -- kafka s3`.
 */
import { once } from "node:events";
import { errorMessage } from "../../src/errors.ts";
import { bringUp, serversAlone, serversOfKinds, type WantedServer } from "./all.ts";
import { isUnavailable, releaseServers } from "./server.ts";

async function report(wanted: WantedServer): Promise<string> {
  const server = await bringUp(wanted, { keep: true });
  if (isUnavailable(server)) return `NOT RUN: ${wanted.recipe.name}: ${server.reason}`;
  const ports = Object.entries(server.ports).map(([name, port]) => `${name} ${port}`);
  return `${server.name}: ${server.version} on 127.0.0.1, ${ports.join(", ")}`;
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
for (const server of serversAlone(chosen)) {
  process.stdout.write(`${await report(server).catch((error) => errorMessage(error))}\n`);
}
process.stdout.write("Ctrl-C stops them, once no test run uses them any more.\n");
const kept = setInterval(() => {}, 60_000);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
clearInterval(kept);
await releaseServers();
