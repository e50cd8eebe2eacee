/**
 * HAPI FHIR's JPA server, jars from Maven Central, with an H2 database: transactions, conditional writes, versions and
 * search as its users have them. hapi/ puts the parts together, as HAPI's own starter does, and adds users and the
 * token endpoint of SMART Backend Services. The starter itself is not in Maven Central. Each partition is a server of
 * its own, below `/fhir/{partition}`.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { aptInstall, install } from "./support/install.ts";
import { untilReady } from "./support/ready.ts";

export interface HapiFacts {
  /** The password of every user. */
  readonly password: string;
  /** The `Authorization` of the user who may do anything. */
  readonly root: string;
}

const version = "8.8.0";
const dependencies = [
  ["ca.uhn.hapi.fhir", "hapi-fhir-jpaserver-base", version],
  ["ca.uhn.hapi.fhir", "hapi-fhir-caching-caffeine", version],
  ["com.h2database", "h2", "2.3.232"],
  ["org.apache.tomcat.embed", "tomcat-embed-core", "10.1.34"],
  ["org.slf4j", "slf4j-simple", "2.0.16"],
  ["com.nimbusds", "nimbus-jose-jwt", "10.0.2"],
].map(
  ([group, artifact, number]) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${number}</version></dependency>`,
);
const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>systole</groupId><artifactId>test-fhir-server</artifactId><version>1</version>
<dependencies>${dependencies.join("")}</dependencies></project>`;
const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
const password = "test";
const sources = path.join(import.meta.dirname, "hapi");
/** It makes its tables at the first start, on a busy machine for a minute or two. */
const readyMs = 5 * 60_000;

export const recipe: ServerRecipe<HapiFacts> = { name: "hapi", ports: ["http"], prepare, start };

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? "").split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));
const hasJava = (): boolean => ["java", "javac", "mvn"].every(isOnPath);

async function prepare(programs: string): Promise<Program | Unavailable> {
  const files = readdirSync(sources)
    .map((file) => path.join(sources, file))
    .sort();
  const home = path.join(programs, `hapi-fhir-jpa-${version}-${hashOf(files)}`);
  const [jars, classes] = [path.join(home, "jars"), path.join(home, "classes")];
  const isThere = (): boolean => existsSync(path.join(classes, "Server.class"));
  if (isThere() && isOnPath("java")) return { classPath: `${classes}${path.delimiter}${jars}/*` };
  const missing = await aptInstall(["default-jdk-headless", "maven"], hasJava);
  if (missing !== null) return missing;
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, "pom.xml"), project);
  const failure = await install("maven", isThere, [
    {
      command: "mvn",
      args: ["-q", "-B", copy, `-DoutputDirectory=${jars}`, "-DincludeScope=runtime"],
      cwd: home,
    },
    { command: "javac", args: ["-nowarn", "-cp", `${jars}/*`, "-d", classes, ...files] },
  ]);
  return failure ?? { classPath: `${classes}${path.delimiter}${jars}/*` };
}

function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256").update(project);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

async function start({ directory, ports, spawn }: Place, program: Program): Promise<Started<HapiFacts>> {
  const port = ports.http as number;
  const spawned = await spawn({
    command: "java",
    args: [
      "-Xmx1g",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
      "-cp",
      program.classPath as string,
      "Server",
      directory,
      `${port}`,
    ],
    env: { FHIR_PASSWORD: password },
  });
  const root = `Basic ${Buffer.from(`root:${password}`).toString("base64")}`;
  await untilReady(spawned, () => answers(port, root), readyMs);
  return { version: `HAPI FHIR JPA ${version}`, facts: { password, root } };
}

async function answers(port: number, authorization: string): Promise<boolean> {
  const url = `http://127.0.0.1:${port}/fhir/DEFAULT/metadata`;
  const response = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(20_000) });
  await response.body?.cancel();
  return response.status === 200;
}
