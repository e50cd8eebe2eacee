/**
 * mongo-java-server, jars from Maven Central: MongoDB's wire protocol, unique indexes, atomic upserts, write
 * errors for each entry. mongo-java/ adds what it lacks: users, roles and privileges with MongoDB's own
 * errors, validators, the fail point `failCommand`, TLS, and writes that survive a killed process. It has no
 * replica sets and limits only a command's size, not a document's. FerretDB 1.24 was tried: it reads and
 * writes in two steps, so upserts race, and it ends an unordered bulk at its first error.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { MongoClient } from "mongodb";
import { newAuthority } from "../support/certificates.ts";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { aptInstall, install } from "./support/install.ts";
import { untilReady } from "./support/ready.ts";

export interface MongoFacts {
  /** The superuser's URL. */
  readonly url: string;
  /** The authority of the certificate on the port `tls`, which is for the address 127.0.0.1 alone. */
  readonly ca: string;
}

const version = "1.47.0";
const memoryBackend = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>systole</groupId><artifactId>test-mongodb</artifactId><version>1</version>
<dependencies><dependency>
<groupId>de.bwaldvogel</groupId><artifactId>mongo-java-server-memory-backend</artifactId><version>${version}</version>
</dependency></dependencies></project>`;
const rootPassword = "test";
const sources = path.join(import.meta.dirname, "mongo-java");

export const recipe: ServerRecipe<MongoFacts> = { name: "mongodb", ports: ["plain", "tls"], prepare, start };

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? "").split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));
const hasJava = (): boolean => ["java", "javac", "mvn"].every(isOnPath);

async function prepare(programs: string): Promise<Program | Unavailable> {
  const files = readdirSync(sources)
    .map((file) => path.join(sources, file))
    .sort();
  const home = path.join(programs, `mongo-java-server-${version}-${hashOf(files)}`);
  const [jars, classes] = [path.join(home, "jars"), path.join(home, "classes")];
  const isThere = (): boolean => existsSync(path.join(classes, "Server.class"));
  if (isThere() && isOnPath("java")) return { classPath: `${classes}${path.delimiter}${jars}/*` };
  const missing = await aptInstall(["default-jdk-headless", "maven"], hasJava);
  if (missing !== null) return missing;
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, "pom.xml"), memoryBackend);
  const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  const failure = await install("maven", isThere, [
    { command: "mvn", args: ["-q", "-B", copy, `-DoutputDirectory=${jars}`], cwd: home },
    { command: "javac", args: ["-nowarn", "-cp", `${jars}/*`, "-d", classes, ...files] },
  ]);
  return failure ?? { classPath: `${classes}${path.delimiter}${jars}/*` };
}

function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

async function start({ directory, ports, spawn }: Place, program: Program): Promise<Started<MongoFacts>> {
  const authority = path.join(directory, "authority.pem");
  if (!existsSync(authority)) await makeCertificate(directory, authority);
  const spawned = await spawn({
    command: "java",
    args: [
      "-Xmx1g",
      "-XX:+UseSerialGC",
      "-cp",
      program.classPath as string,
      "Server",
      directory,
      `${ports.plain}`,
      `${ports.tls}`,
    ],
    env: { MONGO_ROOT_PASSWORD: rootPassword },
  });
  const url = `mongodb://root:${rootPassword}@127.0.0.1:${ports.plain}/?authSource=admin`;
  await untilReady(spawned, () => answers(url));
  const facts = { url, ca: readFileSync(authority, "utf8") };
  return { version: `mongo-java-server ${version}`, facts };
}

async function makeCertificate(directory: string, authorityFile: string): Promise<void> {
  const authority = newAuthority();
  const { certificate, key } = authority.issue("127.0.0.1");
  await writeFile(path.join(directory, "certificate.pem"), certificate);
  await writeFile(path.join(directory, "key.pem"), key);
  await writeFile(authorityFile, authority.certificate);
}

async function answers(url: string): Promise<boolean> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1_000 });
  try {
    const { ok } = await client.db("admin").command({ ping: 1 });
    return ok === 1;
  } finally {
    await client.close();
  }
}
