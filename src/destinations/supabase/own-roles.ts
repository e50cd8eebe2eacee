/**
 * A developer's own roles, for tests: one has exactly the grants of README.md, each of the others lacks one of them.
 */
import { readFile } from "node:fs/promises";
import type pg from "pg";

export type Run = (statements: string) => Promise<pg.QueryResult>;

/** Roles belong to the server and exist for all projects; their grants belong to each project. */
export interface Places {
  readonly server: Run;
  readonly project: Run;
}

export const readmeRole = "systole";

const commands = ["select", "insert", "update", "delete"] as const;
type Command = (typeof commands)[number];

/** Policies of README.md, and the commands of each that a role may lack. */
const policies: readonly (readonly [table: string, condition: string, commands: readonly Command[]])[] = [
  ["public.terra_users", "true", ["insert", "select", "update"]],
  ["public.terra_data_payloads", "true", ["insert", "select", "update"]],
  ["public.terra_misc_payloads", "true", ["insert", "select", "update"]],
  ["storage.objects", "bucket_id = 'terra-payloads'", ["insert", "select", "update", "delete"]],
];

/** Makes the role with the statements of README.md. */
export async function makeReadmeRole(places: Places): Promise<void> {
  const grants = await grantsTo(readmeRole);
  await places.server(grants.role);
  await places.project(grants.rest);
}

/** Makes the roles, and returns their names by the permission that each lacks, as `check` must name it. */
export async function makeLackingRoles(places: Places): Promise<Record<string, string>> {
  const roles: Record<string, string> = {};
  const statements: { role: string; rest: string }[] = [];
  for (const [permission, deprive] of deprivations()) {
    const role = `lacks_${permission.toLowerCase().replaceAll(/\W+/g, "_")}`;
    roles[permission] = role;
    const grants = await grantsTo(role);
    statements.push({ role: grants.role, rest: `${grants.rest}\n${deprive(role)}` });
  }
  await places.server(statements.map(({ role }) => role).join("\n"));
  await places.project(statements.map(({ rest }) => rest).join("\n"));
  return roles;
}

/** The statements of README.md for a role of this name. Making the role is separate, in case it exists. */
async function grantsTo(role: string): Promise<{ role: string; rest: string }> {
  const readme = await readFile(new URL("./README.md", import.meta.url), "utf8");
  const [, making, rest] =
    /```sql\n(create role systole;\n(?:grant \w+ to \w+;\n)+)([\s\S]*?)```/.exec(readme) ?? [];
  if (making === undefined || rest === undefined) throw new Error("README.md has no grants");
  const named = (statements: string): string => statements.replaceAll(/\bsystole\b/g, role);
  return {
    role: `do $$ begin
      perform pg_advisory_xact_lock(2);
      if not exists (select from pg_roles where rolname = '${role}') then ${named(making)} end if;
    end $$;`,
    rest: named(rest),
  };
}

function deprivations(): (readonly [permission: string, deprive: (role: string) => string])[] {
  const ofTables = policies.flatMap(([table, condition, lackable]) =>
    lackable.map((command) => {
      const permission = `${command.toUpperCase()} on ${table.replace("public.", "")}`;
      return [permission, (role: string) => policiesBut(command, role, table, condition)] as const;
    }),
  );
  const revoke = (signature: string) => (role: string) =>
    `revoke execute on function public.${signature} from ${role};`;
  return [
    ...ofTables,
    ["SELECT on storage.buckets", (role) => `drop policy ${role} on storage.buckets;`],
    ["EXECUTE on systole_take", revoke("systole_take(jsonb)")],
    ["EXECUTE on systole_check", revoke("systole_check()")],
  ];
}

/** Replaces the policy for all commands by one for each command except this. */
function policiesBut(lacking: Command, role: string, table: string, condition: string): string {
  const others = commands.filter((command) => command !== lacking);
  const made = others.map((command) => {
    const clause = command === "insert" ? "with check" : "using";
    return `create policy ${role}_${command} on ${table} for ${command} to ${role} ${clause} (${condition});`;
  });
  return [`drop policy ${role} on ${table};`, ...made].join("\n");
}
