/**
 * HAPI's own FHIR validator, jars from Maven Central, as a small Java program: it validates many resources at one start,
 * without a network. Where there is no Java or Maven, the reason is returned.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cacheDirectory } from "../servers/support/cache.ts";
import { aptInstall, install, runStep, type Unavailable } from "../servers/support/install.ts";

const version = "8.8.0";
const group = "ca.uhn.hapi.fhir";
const artifacts = [
  "hapi-fhir-validation",
  "hapi-fhir-validation-resources-r4",
  "hapi-fhir-structures-r4",
  "hapi-fhir-caching-caffeine",
];
const dependency = (artifact: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>systole</groupId><artifactId>test-fhir-validator</artifactId><version>1</version>
<dependencies>${artifacts.map(dependency).join("")}</dependencies></project>`;
const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
const source = path.join(import.meta.dirname, "Validate.java");

export interface Issue {
  readonly severity: "FATAL" | "ERROR" | "WARNING" | "INFORMATION";
  /** HAPI's own name of the rule. */
  readonly id: string;
  readonly location: string;
  readonly message: string;
}

export interface Validator {
  /** Returns the issues of each resource, in their order. `definitions` are known to the validator. */
  validate(
    resources: readonly object[],
    definitions: readonly object[],
  ): Promise<readonly (readonly Issue[])[]>;
}

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? "").split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));
const hasJava = (): boolean => ["java", "javac", "mvn"].every(isOnPath);

/** Returns the validator, installed first if necessary, or why this machine can have none. */
export async function fhirValidator(): Promise<Validator | Unavailable> {
  const hash = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 12);
  const home = path.join(cacheDirectory("programs"), `hapi-fhir-validator-${version}-${hash}`);
  const [jars, classes] = [path.join(home, "jars"), path.join(home, "classes")];
  const classPath = `${classes}${path.delimiter}${jars}/*`;
  const isThere = (): boolean => existsSync(path.join(classes, "Validate.class"));
  if (!isThere() || !isOnPath("java")) {
    const missing = await aptInstall(["default-jdk-headless", "maven"], hasJava);
    if (missing !== null) return missing;
    await mkdir(home, { recursive: true });
    await writeFile(path.join(home, "pom.xml"), project);
    const failure = await install("maven", isThere, [
      { command: "mvn", args: ["-q", "-B", copy, `-DoutputDirectory=${jars}`], cwd: home },
      { command: "javac", args: ["-nowarn", "-cp", `${jars}/*`, "-d", classes, source] },
    ]);
    if (failure !== null) return failure;
  }
  return { validate: (resources, definitions) => run(classPath, resources, definitions) };
}

const lines = (resources: readonly object[]): string =>
  resources.map((resource) => `${JSON.stringify(resource)}\n`).join("");

async function run(classPath: string, resources: readonly object[], definitions: readonly object[]) {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-fhir-"));
  const file = (name: string): string => path.join(directory, name);
  try {
    await writeFile(file("definitions"), lines(definitions));
    await writeFile(file("resources"), lines(resources));
    const args = [
      "-Xmx2g",
      "-cp",
      classPath,
      "Validate",
      file("definitions"),
      file("resources"),
      file("issues"),
    ];
    const failure = await runStep({ command: "java", args });
    if (failure !== null) throw new Error(failure);
    const answers = readFileSync(file("issues"), "utf8").trimEnd().split("\n");
    if (answers.length !== resources.length)
      throw new Error("The validator did not answer for each resource");
    return answers.map((answer) => JSON.parse(answer) as Issue[]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
