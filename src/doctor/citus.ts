/** Citus, where the database has it: whether its workers have the tables that are theirs, and answer. */
import { sql } from "kysely";
import { type Cluster, obstacles, readCluster } from "../store/citus/cluster.ts";
import type { Database } from "../store/tables.ts";
import { type Finding, failure, ok, warning } from "./finding.ts";

const check = "Citus";
/** Citus itself ends what is left between the phases of a commit, once a minute. */
const stuckMinutes = 5;

/** Returns nothing where the database has no Citus. */
export async function citusFindings(db: Database): Promise<Finding[]> {
  const cluster = await readCluster(db);
  if (cluster === null) return [];
  if (cluster.workers === 0) return [ok(check, "it has no workers: every table is on this server")];
  if (cluster.local.length > 0) return [undistributed(cluster)];
  const away = await nodesAway(db);
  if (away.length > 0) return [nodesFinding(away)];
  const stuck = await stuckCommits(db);
  if (stuck.length > 0) return [stuckFinding(stuck)];
  const over =
    cluster.workers === 1
      ? "is on one worker, which answers"
      : `is distributed over ${cluster.workers} workers, which all answer`;
  return [ok(check, `people's data ${over}`)];
}

function undistributed({ workers, hasCoordinator, local }: Cluster): Finding {
  const says = `there are ${workers} workers, and ${local.join(", ")} are not distributed`;
  const { remedy } = obstacles[hasCoordinator ? "in use" : "no coordinator"];
  return warning(check, says, remedy);
}

interface NodeAway {
  readonly node: string;
  /** False once it was drained. */
  readonly has_people: boolean;
}

async function nodesAway(db: Database): Promise<NodeAway[]> {
  const { rows } = await sql<NodeAway & { answers: boolean }>`
    SELECT nodename || ':' || nodeport AS node, citus_check_connection_to_node(nodename, nodeport) AS answers,
      EXISTS (SELECT FROM pg_dist_placement p WHERE p.groupid = n.groupid) AS has_people
    FROM pg_dist_node n WHERE isactive AND noderole = 'primary' AND groupid <> 0 ORDER BY 1`.execute(db);
  return rows.filter(({ answers }) => !answers);
}

function nodesFinding(away: readonly NodeAway[]): Finding {
  const named = (nodes: readonly NodeAway[]): string => nodes.map(({ node }) => node).join(", ");
  const needed = away.filter(({ has_people: hasPeople }) => hasPeople);
  if (needed.length === 0)
    return warning(
      check,
      `${named(away)} cannot be reached; nobody's data is in use there`,
      "Start the server, and clean up before you remove the node: docs/guides/citus.md.",
    );
  return failure(
    check,
    `${named(needed)} cannot be reached: the data of the people there can be neither written nor read`,
    "Start the server, or let its standby take over; if it runs, see whether it accepts the coordinator's password: docs/guides/citus.md.",
  );
}

/** Returns the workers where a commit is still between its phases. */
async function stuckCommits(db: Database): Promise<string[]> {
  const count = `SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()
    AND prepared < now() - interval '${stuckMinutes} minutes'`;
  const { rows } = await sql<{ node: string }>`SELECT nodename || ':' || nodeport AS node
    FROM run_command_on_workers(${count}) WHERE NOT success OR result <> '0' ORDER BY 1`.execute(db);
  return rows.map(({ node }) => node);
}

const stuckFinding = (nodes: readonly string[]): Finding =>
  warning(
    check,
    `commits are between their phases for more than ${stuckMinutes} minutes at ${nodes.join(", ")}`,
    "As a superuser, run SELECT recover_prepared_transactions() on the coordinator, and look in its log why Citus did not.",
  );
