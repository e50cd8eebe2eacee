/**
 * Proves without writing that deliveries would work: the server lists the user's privileges
 * (`connectionStatus`), and a read proves that the primary answers.
 */
import type { Db } from "mongodb";
import type { DeliveryReceipt } from "../destination.ts";
import { type Collection, collections, fhirCollections } from "../kit/documents/entries.ts";
import { failure } from "../kit/failure.ts";
import { thrownFailure } from "./failure.ts";

/** The actions that deliveries need, on each collection. */
export const requiredActions = ["find", "insert", "update", "createIndex"] as const;

interface Need {
  readonly action: string;
  readonly collections: readonly Collection[];
}

/** Resources that a record lost are removed. */
function needsOf(format: string): Need[] {
  const all = format === "fhir" ? [...collections, ...fhirCollections] : collections;
  const writing = requiredActions.map((action): Need => ({ action, collections: all }));
  return format === "fhir" ? [...writing, { action: "remove", collections: ["fhir_resources"] }] : writing;
}

/** https://www.mongodb.com/docs/manual/reference/resource-document/ */
interface Privilege {
  readonly resource: { readonly anyResource?: boolean; readonly db?: string; readonly collection?: string };
  readonly actions: readonly string[];
}

interface AuthInfo {
  readonly authenticatedUsers?: readonly unknown[];
  readonly authenticatedUserPrivileges?: readonly Privilege[];
}

/** @throws DeliveryError */
export async function checkDatabase(db: Db, format: string, signal: AbortSignal): Promise<DeliveryReceipt> {
  const { authInfo } = await ask(db, { connectionStatus: 1, showPrivileges: true }, signal);
  const said = judge(db.databaseName, authInfo, needsOf(format));
  await ask(db, { find: "user_events", filter: { _id: null }, limit: 1, singleBatch: true }, signal);
  return { response: said };
}

async function ask(db: Db, command: Record<string, unknown>, signal: AbortSignal) {
  try {
    return await db.command(command, { signal });
  } catch (thrown) {
    throw thrownFailure(thrown, "find");
  }
}

/** @throws DeliveryError naming every action that is missing */
function judge(database: string, info: AuthInfo, needs: readonly Need[]): string {
  const { authenticatedUsers = [], authenticatedUserPrivileges: privileges } = info;
  if (authenticatedUsers.length === 0) return "the server has no access control";
  if (privileges === undefined) return "the server does not tell what the user may do";
  const missing = needs.flatMap(({ action, collections: all }) => {
    const without = all.filter((collection) => !may(privileges, action, database, collection));
    return without.length === 0 ? [] : [`${action} on ${namesOf(database, without, all)}`];
  });
  if (missing.length > 0) throw failure("DESTINATION_PERMISSION_MISSING", missing.join("; "));
  return needs.map(({ action }) => action).join(", ");
}

const namesOf = (database: string, without: readonly Collection[], all: readonly Collection[]): string =>
  without.length === all.length && all.length > 1
    ? `every collection of ${database}`
    : `the collections ${without.map((one) => `${database}.${one}`).join(", ")}`;

function may(
  privileges: readonly Privilege[],
  action: string,
  database: string,
  collection: Collection,
): boolean {
  return privileges.some(
    ({ resource, actions }) =>
      covers(resource, database, collection) && (actions.includes(action) || actions.includes("anyAction")),
  );
}

/** An empty name means all. */
function covers(
  { anyResource, db, collection }: Privilege["resource"],
  database: string,
  name: Collection,
): boolean {
  if (anyResource === true) return true;
  return (db === "" || db === database) && (collection === "" || collection === name);
}
