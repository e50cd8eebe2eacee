/**
 * Ceph's object gateway, from Debian: one monitor, one OSD on a file, and the gateway, which speaks S3 over
 * HTTP and over TLS. Its users are created at the first start; a bucket's policy says what they may do there.
 *
 * The unusual settings make one small machine do what Ceph does for many: without them each pool takes a
 * second to create, and what a killed process held is released only after half a minute.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { newAuthority } from "../support/certificates.ts";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { aptInstall, runStep } from "./support/install.ts";
import type { Command, Spawned } from "./support/processes.ts";
import { answersHttp, untilReady } from "./support/ready.ts";

export interface CephFacts {
  /** The authority of the port `tls`, whose certificate is for the address 127.0.0.1 alone. */
  readonly ca: string;
  /** The accounts by name; `owner` creates the buckets, the others may do what a bucket's policy allows. */
  readonly users: Readonly<Record<CephUser, CephKeys>>;
}

export interface CephKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export type CephUser = (typeof users)[number];
const users = ["owner", "writer", "no-put", "no-get", "no-delete"] as const;

const packages = ["radosgw", "ceph-mon", "ceph-osd", "ceph-common"];
const programs = ["radosgw", "ceph-mon", "ceph-osd", "monmaptool", "ceph", "radosgw-admin"];
const blockBytes = 8 * 1_073_741_824;
const osdUpMs = 60_000;

export const recipe: ServerRecipe<CephFacts> = { name: "ceph", ports: ["mon", "s3", "tls"], prepare, start };

async function prepare(): Promise<Program | Unavailable> {
  const isThere = (): boolean => programs.every((program) => existsSync(`/usr/bin/${program}`));
  return (await aptInstall(packages, isThere)) ?? { bin: "/usr/bin" };
}

async function start(place: Place): Promise<Started<CephFacts>> {
  const isNew = !existsSync(path.join(place.directory, "ceph.conf"));
  const file = (name: string): string => path.join(place.directory, name);
  const ceph = cluster(file("ceph.conf"));
  if (isNew) await makeMonitor(place, ceph);
  await place.spawn(ceph("ceph-mon", "-f", "-i", "a"));
  await startOsd(place, ceph);
  const gateway = await place.spawn(ceph("radosgw", "-f", "--name", "client.rgw"));
  await untilReady(gateway, () => answersHttp(`http://127.0.0.1:${place.ports.s3}/`));
  if (isNew) for (const user of users) await makeUser(ceph, user);
  const [, version] = /version (\S+)/.exec(await output(ceph("radosgw", "--version"))) ?? [];
  const ca = await readFile(file("ca.pem"), "utf8");
  // Its data is not kept, and a polite end would take a quarter of a minute.
  return { version: `Ceph RGW ${version}`, stopSignal: "SIGKILL", facts: { ca, users: keysOfUsers() } };
}

type Ceph = (program: string, ...args: readonly string[]) => Command;

const cluster =
  (file: string): Ceph =>
  (program, ...args) => ({ command: program, args: ["--conf", file, ...args] });

async function step(command: Command): Promise<void> {
  const failure = await runStep(command);
  if (failure !== null) throw new Error(failure);
}

const output = async ({ command, args }: Command): Promise<string> =>
  (await promisify(execFile)(command, args)).stdout;

async function makeMonitor({ directory, ports }: Place, ceph: Ceph): Promise<void> {
  const fsid = crypto.randomUUID();
  const map = path.join(directory, "monmap");
  await Promise.all(["mon", "osd"].map((name) => mkdir(path.join(directory, name))));
  const authority = newAuthority("Ceph of the tests");
  const { certificate, key } = authority.issue("127.0.0.1");
  const pem = { "ca.pem": authority.certificate, "tls.pem": certificate, "tls.key": key };
  await Promise.all(Object.entries(pem).map(([name, text]) => writeFile(path.join(directory, name), text)));
  const address = `[v2:127.0.0.1:${ports.mon}/0]`;
  await step({ command: "monmaptool", args: ["--create", "--fsid", fsid, "--addv", "a", address, map] });
  await writeFile(path.join(directory, "ceph.conf"), configuration(directory, ports, fsid));
  await step(ceph("ceph-mon", "--mkfs", "-i", "a", "--monmap", map));
}

/** Starts the OSD. The gateway would wait for the killed one if it were asked before the new one is known. */
async function startOsd(place: Place, ceph: Ceph): Promise<Spawned> {
  const before = await osdUpSince(ceph);
  if (before === null) {
    const id = crypto.randomUUID();
    await step(ceph("ceph", "osd", "new", id));
    await step(ceph("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", id));
  }
  const osd = await place.spawn(ceph("ceph-osd", "-f", "-i", "0"));
  const isUp = async (): Promise<boolean> => ((await osdUpSince(ceph)) ?? 0) > (before ?? 0);
  await untilReady(osd, isUp, osdUpMs);
  return osd;
}

/** Returns the epoch since which the OSD is up; null while there is none. */
async function osdUpSince(ceph: Ceph): Promise<number | null> {
  const dump = await output(ceph("ceph", "--connect-timeout", "30", "osd", "dump", "--format", "json"));
  const { osds } = JSON.parse(dump) as { osds: { up_from: number }[] };
  return osds[0]?.up_from ?? null;
}

async function makeUser(ceph: Ceph, user: CephUser): Promise<void> {
  const { accessKeyId, secretAccessKey } = keysOfUsers()[user];
  const keys = [`--access-key=${accessKeyId}`, `--secret=${secretAccessKey}`];
  const name = ["--name", "client.rgw", "user", "create", `--uid=${user}`, `--display-name=${user}`];
  await step(ceph("radosgw-admin", ...name, ...keys));
}

const keysOfUsers = (): CephFacts["users"] =>
  Object.fromEntries(
    users.map((user) => [user, { accessKeyId: `key-of-${user}`, secretAccessKey: `secret-of-${user}` }]),
  ) as CephFacts["users"];

function configuration(directory: string, ports: Place["ports"], fsid: string): string {
  const file = (name: string): string => path.join(directory, name);
  const tls = `ssl_endpoint=127.0.0.1:${ports.tls} ssl_certificate=${file("tls.pem")} ssl_private_key=${file("tls.key")}`;
  const settings = {
    fsid,
    mon_host: `[v2:127.0.0.1:${ports.mon}/0]`,
    public_addr: "127.0.0.1",
    cluster_addr: "127.0.0.1",
    // Every process that reaches the ports on this machine is trusted with the cluster; the gateway requires keys.
    auth_cluster_required: "none",
    auth_service_required: "none",
    auth_client_required: "none",
    ms_mon_client_mode: "crc",
    run_dir: directory,
    admin_socket: "",
    pid_file: "",
    log_file: "",
    mon_data: file("mon"),
    paxos_propose_interval: 0.05,
    paxos_min_wait: 0.01,
    mon_allow_pool_size_one: true,
    mon_max_pg_per_osd: 1_000,
    osd_data: file("osd"),
    osd_objectstore: "bluestore",
    bluestore_block_size: blockBytes,
    osd_crush_chooseleaf_type: 0,
    osd_pool_default_size: 1,
    osd_pool_default_min_size: 1,
    osd_pool_default_pg_num: 4,
    osd_pool_default_pgp_num: 4,
    osd_pool_default_pg_autoscale_mode: "off",
    osd_pool_default_read_lease_ratio: 0.1,
    osd_heartbeat_interval: 1,
    osd_heartbeat_grace: 5,
    osd_client_watch_timeout: 5,
    objecter_tick_interval: 1,
    rgw_frontends: `beast endpoint=127.0.0.1:${ports.s3} ${tls}`,
    rgw_num_control_oids: 1,
    rgw_enable_lc_threads: false,
    rgw_run_sync_thread: false,
    rgw_dynamic_resharding: false,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  return `[global]\n${lines.join("")}`;
}
