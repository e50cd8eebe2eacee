/**
 * The two roles of the embedded server. `systole`, the superuser made by initdb, only creates the other one:
 * `systole_app`, which is not a superuser and does everything else.
 */
import { createHmac } from "node:crypto";
import pg from "pg";

export const superuser = "systole";
const worker = "systole_app";
/** Two starts on one cluster prepare the role one after the other. */
const roleLock = 6_104_203_513;

export interface Address {
  readonly port: string;
  /**
   * The content of `postgres-password`: the superuser's password. The other role's password is derived from
   * it; the reverse is impossible.
   */
  readonly password: string;
}

export const superuserUrl = ({ port, password }: Address): string => url(superuser, password, port);
export const workerUrl = ({ port, password }: Address): string => url(worker, workerPassword(password), port);

const url = (user: string, password: string, port: string): string =>
  `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;

const workerPassword = (password: string): string =>
  createHmac("sha256", password).update(worker).digest("base64url");

/** Creates the role, and gives it the objects that a former version created as the superuser. */
export async function prepareWorker(address: Address): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl(address) });
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [roleLock]);
    const { rows } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [worker]);
    if (rows.length === 0) {
      await client.query(`CREATE ROLE ${worker}`);
      await client.query(`GRANT CREATE ON DATABASE postgres TO ${worker}`);
      await client.query(handOver);
    }
    const password = client.escapeLiteral(workerPassword(address.password));
    await client.query(`ALTER ROLE ${worker} LOGIN NOSUPERUSER PASSWORD ${password}`);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

/** Objects that a table owns (sequences of identity columns, indexes, its row type) change owner with the table. */
const handOver = `DO $$
DECLARE
  ours oid[] := ARRAY(SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'pgboss'));
  change text;
BEGIN
  FOR change IN
    SELECT format('SCHEMA %I', nspname) FROM pg_namespace WHERE oid = ANY (ours)
    UNION ALL
    SELECT format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN
      'MATERIALIZED VIEW' ELSE 'TABLE' END, oid::regclass)
    FROM pg_class WHERE relnamespace = ANY (ours) AND relkind IN ('r', 'p', 'v', 'm', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
        AND refclassid = 'pg_class'::regclass AND relkind = 'S' AND deptype IN ('a', 'i'))
    UNION ALL
    SELECT format('ROUTINE %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = ANY (ours)
    UNION ALL
    SELECT format('TYPE %s', oid::regtype) FROM pg_type WHERE typnamespace = ANY (ours) AND typtype IN ('e', 'd')
  LOOP
    EXECUTE format('ALTER %s OWNER TO ${worker}', change);
  END LOOP;
END $$`;
