/** Citus, where the database has it: whether its workers have the tables that are theirs. */
import { type Cluster, obstacles, readCluster } from "../store/citus/cluster.ts";
import type { Database } from "../store/tables.ts";
import { type Finding, ok, warning } from "./finding.ts";

const check = "Citus";

/** Returns nothing where the database has no Citus. */
export async function citusFindings(db: Database): Promise<Finding[]> {
  const cluster = await readCluster(db);
  return cluster === null ? [] : [findingOf(cluster)];
}

function findingOf({ workers, hasCoordinator, local }: Cluster): Finding {
  if (workers === 0) return ok(check, "it has no workers: every table is on this server");
  if (local.length === 0) return ok(check, `people's data is distributed over ${workers} workers`);
  const says = `there are ${workers} workers, and ${local.join(", ")} are not distributed`;
  const { remedy } = obstacles[hasCoordinator ? "in use" : "no coordinator"];
  return warning(check, says, remedy);
}
