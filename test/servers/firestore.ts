/**
 * Google's own Firestore emulator, as in the Google Cloud CLI and firebase-tools. It implements Firestore's
 * conditions, names and sizes. It knows no credentials and no permissions, keeps nothing when it ends, and
 * does not limit index entries.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { answersHttp, untilReady } from "./support/ready.ts";

export interface FirestoreFacts {
  /** e.g. `http://127.0.0.1:8080`; over HTTP/2 it speaks gRPC there too. */
  readonly url: string;
}

const main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";
const jarName = "cloud-firestore-emulator.jar";

export const recipe: ServerRecipe<FirestoreFacts> = {
  name: "firestore",
  ports: ["http", "websocket"],
  prepare,
  start,
};

async function prepare(): Promise<Program | Unavailable> {
  const jar = candidates().find(existsSync);
  if (jar === undefined) {
    const install =
      "gcloud components install cloud-firestore-emulator, or firebase setup:emulators:firestore";
    return { reason: `Google's emulator is not on this machine, and no registry has it: ${install}` };
  }
  const { stdout, error } = spawnSync("java", ["-cp", jar, main, "--version"], { encoding: "utf8" });
  if (error !== undefined) return { reason: `Google's emulator wants Java 11 or newer: ${error.message}` };
  return { jar, version: /\d+(\.\d+)+/.exec(stdout)?.[0] ?? "" };
}

/** Returns the newest of FIRESTORE_EMULATOR_JAR, the Google Cloud CLI's component and firebase-tools' download. */
function candidates(): string[] {
  const { FIRESTORE_EMULATOR_JAR: named, PATH = "" } = process.env;
  const cli = PATH.split(path.delimiter)
    .map((folder) => path.join(folder, "gcloud"))
    .filter(existsSync)
    .map((gcloud) => path.resolve(realpathSync(gcloud), "../.."));
  const homes = [...cli, "/usr/lib/google-cloud-sdk", path.join(os.homedir(), "google-cloud-sdk")];
  const downloads = path.join(os.homedir(), ".cache/firebase/emulators");
  const downloaded = existsSync(downloads) ? readdirSync(downloads).sort().reverse() : [];
  return [
    ...(named ? [named] : []),
    ...homes.map((home) => path.join(home, "platform/cloud-firestore-emulator", jarName)),
    ...downloaded
      .filter((file) => /^cloud-firestore-emulator.*\.jar$/.test(file))
      .map((file) => path.join(downloads, file)),
  ];
}

async function start({ ports, spawn }: Place, { jar, version }: Program): Promise<Started<FirestoreFacts>> {
  const url = `http://127.0.0.1:${ports.http}`;
  const java = ["-Xmx512m", "-XX:+UseSerialGC", "-Duser.language=en", "-cp", jar as string, main];
  const options = ["--host=127.0.0.1", `--port=${ports.http}`, `--websocket_port=${ports.websocket}`];
  const spawned = await spawn({ command: "java", args: [...java, ...options] });
  await untilReady(spawned, () => answersHttp(url));
  return { version: `Cloud Firestore emulator ${version}`, facts: { url } };
}
