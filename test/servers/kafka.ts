/**
 * Apache Kafka itself: one node in KRaft mode with the standard authorizer, its jars from Maven Central.
 *
 * Three listeners: ADMIN, without a password, for the tests' own client, which may do anything; DIRECT and
 * SASL, TLS with PLAIN and SCRAM, for the code under test. A broker tells its clients where to connect to: on
 * SASL it names the port `advertised`, where nothing listens, so that a test can put a proxy to the port
 * `sasl` there.
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { Admin } from "@platformatic/kafka";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { aptInstall, install, runStep } from "./support/install.ts";
import { untilReady } from "./support/ready.ts";

export interface KafkaFacts {
  /** The certificate of the SASL listener, which is its own authority, for the address 127.0.0.1 alone. */
  readonly ca: string;
  /** Users that PLAIN knows from the start; those of SCRAM are created by the tests that need them. */
  readonly plain: Readonly<Record<PlainUser, string>>;
  /** Kafka's jars, including its command line tools. */
  readonly jars: string;
}

export type PlainUser = (typeof plainUsers)[number];
const plainUsers = ["plain-writer"] as const;

const kafka = "4.4.0";
const storePassword = "changeit";
const mebibyte = 1_048_576;

export const recipe: ServerRecipe<KafkaFacts> = {
  name: "kafka",
  ports: ["controller", "admin", "direct", "sasl", "advertised"],
  prepare,
  start,
};

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? "").split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));

async function prepare(programs: string): Promise<Program | Unavailable> {
  const home = path.join(programs, `kafka-${kafka}`);
  const jars = path.join(home, "jars");
  const isThere = (): boolean => existsSync(path.join(jars, `kafka-tools-${kafka}.jar`));
  const needed = isThere() ? ["java", "keytool"] : ["java", "keytool", "mvn"];
  const missing = await aptInstall(["default-jre-headless", "maven"], () => needed.every(isOnPath));
  if (missing !== null) return missing;
  const java = javaVersion();
  if (java < oldestJava) return { reason: `Kafka ${kafka} takes Java ${oldestJava}, and this is ${java}` };
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, "pom.xml"), pom);
  // An interrupted download leaves no partial file.
  const part = `${jars}.part`;
  const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  const args = ["-q", "-B", copy, `-DoutputDirectory=${part}`, "-DincludeScope=runtime"];
  const steps = [
    { command: "mvn", args, cwd: home },
    { command: "rm", args: ["-rf", jars] },
    { command: "mv", args: [part, jars] },
  ];
  return (await install("maven", isThere, steps)) ?? { jars };
}

const oldestJava = 17;

/** Returns the number before the first point: `openjdk version "17.0.15" 2025-04-15`. */
function javaVersion(): number {
  const { stderr } = spawnSync("java", ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}

const dependency = (groupId: string, artifactId: string, version: string): string =>
  `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>systole</groupId><artifactId>test-kafka</artifactId><version>1</version>
<dependencies>
${dependency("org.apache.kafka", "kafka_2.13", kafka)}
${dependency("org.apache.kafka", "kafka-tools", kafka)}
${dependency("org.slf4j", "slf4j-simple", "1.7.36")}
</dependencies></project>`;

async function start(place: Place, { jars }: Program): Promise<Started<KafkaFacts>> {
  const { directory } = place;
  const file = path.join(directory, "server.properties");
  const java = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  const quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";
  const run = (main: string, ...args: string[]) => ({
    command: "java",
    args: [...java, quiet, "-cp", path.join(jars as string, "*"), main, ...args],
  });
  if (!existsSync(path.join(directory, "log"))) {
    await makeCertificate(directory);
    await writeFile(file, propertiesFile(properties(directory, place.ports)));
    const formatted = await runStep(
      run("kafka.tools.StorageTool", "format", "-t", "c3lzdG9sZS10ZXN0LWthZg", "-c", file),
    );
    if (formatted !== null) throw new Error(formatted);
  }
  const spawned = await place.spawn(run("kafka.Kafka", file));
  await untilReady(spawned, () => answers(place.ports.admin as number));
  const ca = await readFile(path.join(directory, "ca.pem"), "utf8");
  return { version: `Apache Kafka ${kafka}`, facts: { ca, plain: plainPasswords(), jars: jars as string } };
}

/** Runs one of Kafka's own tools, `kafka-topics.sh` and the like, without its shell script; returns its output. */
export async function runTool(
  jars: string,
  tool: keyof typeof tools,
  args: readonly string[],
): Promise<string> {
  const java = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", path.join(jars, "*"), tools[tool]];
  return (await promisify(execFile)("java", [...java, ...args])).stdout;
}

const tools = {
  "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
  "kafka-configs.sh": "org.apache.kafka.tools.ConfigCommand",
} as const;

/** Whether a broker answers. Accepting connections is not enough: a broker killed a moment ago may still do so. */
async function answers(port: number): Promise<boolean> {
  const admin = new Admin({ clientId: "test-server", bootstrapBrokers: [`127.0.0.1:${port}`], retries: 0 });
  try {
    const { brokers } = await admin.metadata({ topics: [] });
    return brokers.size > 0;
  } finally {
    await admin.close();
  }
}

/** Makes a certificate with Java's own tool, so that nothing else is needed. */
async function makeCertificate(directory: string): Promise<void> {
  const store = ["-keystore", path.join(directory, "broker.p12"), "-storepass", storePassword];
  const make = ["-genkeypair", "-alias", "broker", "-keyalg", "EC", "-dname", "CN=broker"];
  const ends = ["-validity", "3650", "-storetype", "PKCS12", "-ext", "san=ip:127.0.0.1"];
  const show = ["-exportcert", "-rfc", "-alias", "broker", "-file", path.join(directory, "ca.pem")];
  for (const args of [
    [...make, ...ends, ...store],
    [...show, ...store],
  ]) {
    const failure = await runStep({ command: "keytool", args });
    if (failure !== null) throw new Error(failure);
  }
}

const plainPasswords = (): KafkaFacts["plain"] =>
  Object.fromEntries(plainUsers.map((user) => [user, `${user}-password`])) as KafkaFacts["plain"];

function properties(directory: string, ports: Place["ports"]): Record<string, string | number> {
  const { controller, admin, direct, sasl, advertised } = ports;
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controller}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "ADMIN",
    listeners: listeners({ controller, admin, direct, sasl }),
    "advertised.listeners": listeners({ admin, direct, sasl: advertised }),
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,ADMIN:PLAINTEXT,DIRECT:SASL_SSL,SASL:SASL_SSL",
    "ssl.keystore.type": "PKCS12",
    "ssl.keystore.location": path.join(directory, "broker.p12"),
    "ssl.keystore.password": storePassword,
    ...logins("direct"),
    ...logins("sasl"),
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
    "log.dirs": path.join(directory, "log"),
    "num.partitions": 6,
    // Most managed clusters create no topic automatically; clients have to ask.
    "auto.create.topics.enable": "false",
    "delete.topic.enable": "true",
    // One node, and little memory.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    // A killed broker is admitted again when its former session has expired; a busy machine needs some time
    // for a heartbeat.
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 4_000,
    "log.cleaner.dedupe.buffer.size": 4 * mebibyte,
  };
}

const listeners = (ports: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(ports)
    .map(([name, port]) => `${name.toUpperCase()}://127.0.0.1:${port}`)
    .join();

function logins(listener: string): Record<string, string> {
  const prefix = `listener.name.${listener}`;
  const users = Object.entries(plainPasswords()).map(([user, password]) => `user_${user}="${password}"`);
  const security = "org.apache.kafka.common.security";
  const scram = `${security}.scram.ScramLoginModule required;`;
  return {
    [`${prefix}.sasl.enabled.mechanisms`]: "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
    [`${prefix}.plain.sasl.jaas.config`]: `${security}.plain.PlainLoginModule required ${users.join(" ")};`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: scram,
  };
}

/** Returns a properties file, in which a backslash begins an escape. */
const propertiesFile = (entries: Record<string, string | number>): string =>
  Object.entries(entries)
    .map(([name, value]) => `${name}=${String(value).replaceAll("\\", "\\\\")}\n`)
    .join("");
