/** Roles for tests: each may do what README.md grants to a role of a developer's own, but for one thing. */
import { readFile } from "node:fs/promises";
import type pg from "pg";

type Run = (statements: string) => Promise<pg.QueryResult>;

const commands = ["select", "insert", "update", "delete"] as const;
type Command = (typeof commands)[number];

/** Policies of README.md, and the commands of each that a role may lack. */
const policies: readonly (readonly [table: string, inBucket: boolean, commands: readonly Command[]])[] = [
  ["public.terra_users", false, ["insert", "select", "update"]],
  ["public.terra_data_payloads", false, ["insert", "select", "update"]],
  ["public.terra_misc_payloads", false, ["insert", "select", "update"]],
  ["storage.objects", true, ["insert", "select", "update", "delete"]],
];

/** The block of README.md that makes the role `systole`, for a role of this name. */
export async function grantsTo(role: string): Promise<string> {
  const readme = await readFile(new URL("./README.md", import.meta.url), "utf8");
  const [, block] = /```sql\n(create role systole[\s\S]*?)```/.exec(readme) ?? [];
  if (block === undefined) throw new Error("README.md has no grants");
  return block.replaceAll(/\bsystole\b/g, role);
}

/** Their names, by the permission each lacks as `check` must say it. */
export async function lackingRoles(run: Run): Promise<Record<string, string>> {
  const roles: Record<string, string> = {};
  const statements: string[] = [];
  const add = async (permission: string, deprive: (role: string) => string): Promise<void> => {
    const role = `lacks_${permission.toLowerCase().replaceAll(/\W+/g, "_")}`;
    roles[permission] = role;
    // Roles belong to the server, on which other projects made them already.
    const grants = (await grantsTo(role)).replace(/^create role \w+;\ngrant \w+ to authenticator;$/m, "");
    const make = `if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; grant ${role} to authenticator; end if;`;
    statements.push(`do $$ begin perform pg_advisory_xact_lock(2); ${make} end $$;`, grants, deprive(role));
  };
  for (const [table, inBucket, lackable] of policies) {
    for (const command of lackable) {
      const permission = `${command.toUpperCase()} on ${table.replace("public.", "")}`;
      await add(permission, (role) => policiesBut(role, table, inBucket, command));
    }
  }
  await add("SELECT on storage.buckets", (role) => `drop policy ${role} on storage.buckets;`);
  await add("EXECUTE on systole_take", revoke("systole_take(jsonb)"));
  await add("EXECUTE on systole_check", revoke("systole_check()"));
  await run(statements.join("\n"));
  return roles;
}

const revoke = (signature: string) => (role: string) =>
  `revoke execute on function public.${signature} from ${role};`;

/** In place of the policy for everything one for each command but this. */
function policiesBut(role: string, table: string, inBucket: boolean, lacking: Command): string {
  const condition = inBucket ? "bucket_id = 'terra-payloads'" : "true";
  const others = commands.filter((command) => command !== lacking);
  const made = others.map((command) => {
    const clause = command === "insert" ? "with check" : "using";
    return `create policy ${role}_${command} on ${table} for ${command} to ${role} ${clause} (${condition});`;
  });
  return [`drop policy ${role} on ${table};`, ...made].join("\n");
}
