/**
 * The driver's client, set up so that it connects to no address that the guard refuses: neither of hosts in the
 * settings, nor of those that DNS or the servers themselves name.
 */
import { type Db, MongoClient, type MongoClientOptions } from "mongodb";
import type { SenderContext } from "../destination.ts";
import { connectionsPerTarget } from "../kit/http.ts";
import { type Settings, splitHosts } from "./settings.ts";

/** Shorter than an attempt, so that a server that is away is reported as such and not as a time-out. */
const serverSelectionTimeoutMS = 5_000;

/** @throws DeliveryError for an address that is refused */
export function openClient(settings: Settings, context: SenderContext): { client: MongoClient; db: Db } {
  const hosts = splitHosts(settings.host);
  for (const host of hosts) context.assertAddressAllowed(hostnameOf(host));
  const client = new MongoClient(`${settings.scheme}://${hosts.join(",")}/`, optionsOf(settings, context));
  guardMembers(client, context);
  return { client, db: client.db(settings.database) };
}

function optionsOf(settings: Settings, { lookup }: SenderContext): MongoClientOptions {
  const { username, password, auth_source: authSource, replica_set: replicaSet, tls, ca } = settings;
  return {
    auth: { username, password },
    authSource,
    ...(replicaSet !== undefined && { replicaSet }),
    tls,
    ...(ca !== undefined && { ca }),
    lookup,
    appName: "systole",
    maxPoolSize: connectionsPerTarget,
    serverSelectionTimeoutMS,
    connectTimeoutMS: serverSelectionTimeoutMS,
  };
}

/**
 * A member of a replica set names the others, and the driver connects to them. Names go through the look-up;
 * addresses and paths to sockets do not, so that refused ones are removed from the answer. The driver emits this
 * event before it reads the same answer itself.
 */
function guardMembers(client: MongoClient, context: SenderContext): void {
  const isAllowed = (member: unknown): boolean => {
    try {
      if (/\.sock$|\//.test(String(member))) return false;
      context.assertAddressAllowed(hostnameOf(String(member)));
      return true;
    } catch {
      return false;
    }
  };
  client.on("serverHeartbeatSucceeded", ({ reply }) => {
    for (const list of ["hosts", "passives", "arbiters"]) {
      if (Array.isArray(reply[list])) reply[list] = reply[list].filter(isAllowed);
    }
  });
}

const hostnameOf = (host: string): string => host.replace(/:\d+$/, "");
