/** The options of `systole replay`, and the request made of them. */
import { parseArgs } from "node:util";
import { parseInstant } from "./instant.ts";
import { UsageError } from "./usage.ts";

export const replayHelp = `Sends events again, with the ids and bytes they had.

  npm run systole -- replay --since 7d
  npm run systole -- replay --since 6h --destination <id> --outcome none
  npm run systole -- replay --dead --dry-run

  --since TIME        events not older than this: 2026-11-22, 2026-11-22T10:00:00Z, or 6h ago (m, h, d)
  --until TIME        events older than this; now
  --event ID          this event; may be repeated
  --dead              dead letters, each to the destination it was given up for
  --type TYPE         only this type; may be repeated
  --user ID           only this user_id
  --reference-id ID   only this reference_id
  --destination ID    only to this destination
  --outcome OUTCOME   only where the event last fared so: delivered, dead, cancelled, pending, or none
  --code CODE         with --dead: only what was given up for this, as in docs/errors.md
  --after ID          goes on where a replay ended that was broken off
  --dry-run           counts, and sends nothing
  --environment ID    the dev-id of the environment; the first one
  --url URL           where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --help

ADMIN_TOKEN or SYSTOLE_ADMIN_TOKEN has the admin token. What is still on its way to a destination is not sent to it twice.
Exit codes: 0 done, 1 it failed, 2 the command line is wrong, 130 broken off.
`;

const options = {
  since: { type: "string" },
  until: { type: "string" },
  event: { type: "string", multiple: true },
  dead: { type: "boolean" },
  type: { type: "string", multiple: true },
  user: { type: "string" },
  "reference-id": { type: "string" },
  destination: { type: "string" },
  outcome: { type: "string" },
  code: { type: "string" },
  after: { type: "string" },
  "dry-run": { type: "boolean" },
  environment: { type: "string" },
  url: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

export interface ReplayCommand {
  readonly help: boolean;
  readonly dead: boolean;
  readonly dryRun: boolean;
  readonly after: string | null;
  readonly url: string | undefined;
  readonly environment: string | undefined;
  /** The request without its paging. */
  readonly body: object;
}

/** @throws UsageError */
export function parseReplay(args: readonly string[], now: Date): ReplayCommand {
  const values = parsed(args);
  const dead = values.dead === true;
  if (values.help !== true) assertSensible(values, dead);
  return {
    help: values.help === true,
    dead,
    dryRun: values["dry-run"] === true,
    after: values.after ?? null,
    url: values.url,
    environment: values.environment,
    body: bodyOf(values, dead, now),
  };
}

function parsed(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function assertSensible({ since, event, outcome, code }: Values, dead: boolean): void {
  if (dead && (event ?? outcome) !== undefined)
    throw new UsageError("--dead goes with neither --event nor --outcome");
  if (!dead && code !== undefined) throw new UsageError("--code goes with --dead");
  if (!dead && event === undefined && since === undefined) {
    throw new UsageError("say which: --since, --event or --dead");
  }
}

/** Returns the JSON; absent options are left out. */
function bodyOf(values: Values, dead: boolean, now: Date): object {
  const { since, until = since === undefined || dead ? undefined : now.toISOString() } = values;
  return {
    since: since && parseInstant("since", since, now),
    until: until && parseInstant("until", until, now),
    event_ids: values.event,
    types: values.type,
    user_id: values.user,
    reference_id: values["reference-id"],
    destination_id: values.destination,
    outcome: values.outcome,
    code: values.code,
  };
}
