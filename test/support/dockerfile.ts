/** `deploy/Dockerfile` and its ignore file, read for tests that do what they say where no container engine is. */
import { spawnSync } from "node:child_process";
import { chownSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { createTestDatabase } from "./database.ts";

const checkout = path.resolve(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(path.join(checkout, "deploy", name), "utf8");

const stages = ["pack", "install", "image"] as const;

/** Returns the texts after an instruction's name in a stage, with continued lines joined. */
export function instructions(stage: (typeof stages)[number], name: string): string[] {
  const texts = read("Dockerfile")
    .replaceAll(/\\\n/g, " ")
    .split(/^FROM .*$/m);
  const text = texts[stages.indexOf(stage) + 1] ?? "";
  return [...text.matchAll(new RegExp(`^\\s*${name} +(.*)$`, "gm"))].map(([, rest = ""]) => rest.trim());
}

/** Returns the environment that the image gives. */
export const imageEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    instructions("image", "ENV").flatMap((line) =>
      line.split(/\s+/).map((pair) => [pair.replace(/=.*$/, ""), pair.replace(/^[^=]*=/, "")] as const),
    ),
  );

/** Copies what the build gets to see of the checkout. */
export function copyContext(directory: string): void {
  const lines = read("Dockerfile.dockerignore").split("\n");
  const seen = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  const unseen = lines.filter((line) => /^[^#!]/.test(line) && line !== "*");
  const isSeen = (file: string): boolean =>
    !unseen.some((glob) => path.matchesGlob(path.relative(checkout, file), glob));
  for (const name of seen)
    cpSync(path.join(checkout, name), path.join(directory, name), { recursive: true, filter: isSeen });
}

/** The root as the image's last stage leaves it, with a database and free ports. */
export async function preparedImage(root: string) {
  const uid = 10_001;
  const database = await createTestDatabase();
  const node = path.join(root, "bin/node");
  mkdirSync(path.dirname(node));
  cpSync(process.execPath, node);
  spawnSync("chmod", ["-R", "a-w,a+rX", path.join(root, "app")]);
  const data = path.join(root, "var/lib/systole");
  mkdirSync(path.dirname(data), { recursive: true });
  mkdirSync(data, { mode: 0o700 });
  chownSync(data, uid, uid);
  const env = {
    ...imageEnvironment(),
    PATH: `${path.dirname(node)}:/usr/bin:/bin`,
    SYSTOLE_HOST: "127.0.0.1",
    SYSTOLE_PORT: String(await freePort()),
    SYSTOLE_METRICS_PORT: String(await freePort()),
    SYSTOLE_DATA_DIR: data,
    SYSTOLE_LOG_LEVEL: "warn",
    DATABASE_URL: database.connectionString,
  };
  return { node, data, env, uid, [Symbol.asyncDispose]: () => database.drop() };
}
