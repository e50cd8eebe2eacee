/** `systole export`: writes records to files, in FHIR, FIT or JSON, and goes on where it was stopped. */
import { isCalendarDate } from "../export/fhir/time.ts";
import { RefusedError } from "./admin-client.ts";
import { runCommandLine, type Values } from "./command.ts";
import { fhirExport } from "./export-fhir.ts";
import { type FileForm, fileExport, fitFiles, jsonFiles } from "./export-files.ts";
import type { Days, ExportFormat } from "./export-format.ts";
import { ExportFolder } from "./export-state.ts";
import { exportedUsers } from "./export-users.ts";
import { addressOf, clientOf, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

const help = `Writes the records of a user, or of everybody in an environment, to files.

  npm run systole -- export --format fhir-ndjson --user ID --out DIR
  npm run systole -- export --format fit --out DIR
  npm run systole -- export --format json --user ID --since 2026-11-01 --until 2026-11-30 --out DIR

  --format FORMAT     fhir-ndjson: FHIR Bulk Data, one file a resource type; fit, json: a folder of files a user,
                      one file a record; json as REST answers it
  --user ID           only this user_id; otherwise everybody
  --since DAY         only records that start on this day or later: 2026-11-22
  --until DAY         only records that start on this day or earlier
  --out DIR           the folder; the same command goes on with an export that was stopped in it
  --environment ID    with fit and json: the dev-id of the environment; the first one
  --url URL           where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --help

fhir-ndjson needs the environment's credentials in DEV_ID and API_KEY, the others the admin token in
ADMIN_TOKEN. Days are those of the persons' own clocks. A profile has no day, so with a day json has none.
Exit codes: 0 done, 1 it failed, 2 the command line is wrong, 130 broken off.
`;

const options = {
  format: { type: "string" },
  user: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  out: { type: "string" },
  environment: { type: "string" },
  url: { type: "string" },
} as const;

export const runExport = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options }, args, terminal, async (values) => {
    const { out, user = null } = values;
    if (out === undefined) throw new UsageError("--out is missing");
    const { writer, ...wanted } = sourceOf(values, terminal.env);
    const folder = await ExportFolder.open(out, { ...wanted, user });
    try {
      return await exportAll(folder, writer, terminal);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      throw new RefusedError(
        `${error.message}\nWhat is written stands; the same command goes on from there.`,
        {
          cause: error,
        },
      );
    }
  });

/** @throws UsageError */
function daysOf(given: Values<typeof options>): Days {
  const { since = null, until = null } = given;
  for (const [name, day] of Object.entries({ since, until })) {
    if (day !== null && !isCalendarDate(day)) throw new UsageError(`--${name} is not a day as 2026-11-22`);
  }
  return { since, until };
}

const fileForms: Readonly<Record<string, FileForm>> = { fit: fitFiles, json: jsonFiles };

/** @throws UsageError */
function sourceOf(values: Values<typeof options>, env: NodeJS.ProcessEnv) {
  const { format, url, environment } = values;
  const days = daysOf(values);
  if (format === "fhir-ndjson") {
    if (environment !== undefined) throw new UsageError("--environment goes with --format fit and json");
    const client = clientOf(url, env);
    return { writer: fhirExport(client, days), format, url: client.url, environment: client.devId, ...days };
  }
  const form = format !== undefined && Object.hasOwn(fileForms, format) ? fileForms[format] : undefined;
  if (format === undefined || form === undefined)
    throw new UsageError("--format is fhir-ndjson, fit or json");
  const address = addressOf({ url, environment }, env);
  const writer = fileExport(address, form, days);
  return { writer, format, url: address.url, environment: environment ?? null, ...days };
}

async function exportAll(folder: ExportFolder, format: ExportFormat, terminal: Terminal): Promise<number> {
  const { state } = folder;
  const { out, err, signal } = terminal;
  const users = state.user === null ? await exportedUsers(folder, () => format.users()) : [state.user];
  while (state.users < users.length) {
    if (signal.aborted) {
      err.write("Broken off. The same command goes on from here.\n");
      return 130;
    }
    await nextStep(folder, format, users[state.users] as string, terminal);
    err.write(`${state.users} of ${users.length} users, ${state.written} written\n`);
  }
  state.done = true;
  await folder.save();
  out.write(`${users.length} users, ${state.written} written\n`);
  return 0;
}

/** Writes the next part of a user, then keeps the state. */
async function nextStep(
  folder: ExportFolder,
  format: ExportFormat,
  user: string,
  { err }: Terminal,
): Promise<void> {
  const { state } = folder;
  const { place, written } = await stepOf(folder, format, user, err);
  state.written += written;
  state.place = place;
  if (place === null) state.users += 1;
  await folder.save();
}

/** One of many users may be erased meanwhile; the one that was asked for must be there. */
async function stepOf(folder: ExportFolder, format: ExportFormat, user: string, err: Terminal["err"]) {
  try {
    return await format.step(folder, user);
  } catch (error) {
    const isGone = error instanceof RefusedError && error.code === "USER_NOT_FOUND";
    if (!isGone || folder.state.user !== null) throw error;
    err.write(`${user} is no longer there\n`);
    return { place: null, written: 0 };
  }
}
