/** The options of `systole renormalize`, and the request made of them. */
import { parseArgs } from "node:util";
import { parseInstant } from "./instant.ts";
import { UsageError } from "./usage.ts";

export const renormalizeHelp = `Rebuilds records from the raw payloads they were made of. The same bytes change nothing; what differs becomes
a revision. The server does the work: whoever leaves here leaves it running.

  npm run systole -- renormalize --all --dry-run
  npm run systole -- renormalize --type sleep --since 60d --send-events --rate 500
  npm run systole -- renormalize --watch <id>

  --all               every record of the environment
  --user ID           only of this user_id; may be repeated
  --type TYPE         only this type; may be repeated
  --since DAY         only what starts on this day or later: 2026-11-22, or 30d ago
  --until DAY         only what starts on this day or earlier
  --dry-run           compares, says what would differ, and writes nothing
  --send-events       sends an event for each new revision
  --rate N            so many records a second at the most
  --watch ID          shows how far a job is, and waits for its end
  --cancel ID         stops a job; what it has done stays
  --resume ID         goes on with a job that was cancelled or failed
  --environment ID    the dev-id of the environment; the first one
  --url URL           where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --help

ADMIN_TOKEN or SYSTOLE_ADMIN_TOKEN has the admin token.
Exit codes: 0 done, 1 it failed, 2 the command line is wrong, 3 it was cancelled, 130 left running.
`;

const options = {
  all: { type: "boolean" },
  user: { type: "string", multiple: true },
  type: { type: "string", multiple: true },
  since: { type: "string" },
  until: { type: "string" },
  "dry-run": { type: "boolean" },
  "send-events": { type: "boolean" },
  rate: { type: "string" },
  watch: { type: "string" },
  cancel: { type: "string" },
  resume: { type: "string" },
  environment: { type: "string" },
  url: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** A job to begin, or an action on an existing one. */
export type RenormalizeAction =
  | { readonly kind: "help" }
  | { readonly kind: "begin"; readonly body: object }
  | { readonly kind: "watch" | "cancel" | "resume"; readonly id: string };

export interface RenormalizeCommand {
  readonly action: RenormalizeAction;
  readonly url: string | undefined;
  readonly environment: string | undefined;
}

/** @throws UsageError */
export function parseRenormalize(args: readonly string[], now: Date): RenormalizeCommand {
  const values = parsed(args);
  return { action: actionOf(values, now), url: values.url, environment: values.environment };
}

function parsed(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

const about = ["watch", "cancel", "resume"] as const;
const selecting = ["all", "user", "type", "since", "until"] as const;
const alone: readonly string[] = [...about, "url", "environment"];

function actionOf(values: Values, now: Date): RenormalizeAction {
  if (values.help === true) return { kind: "help" };
  const named = about.filter((name) => values[name] !== undefined);
  const [kind] = named;
  if (kind === undefined) return { kind: "begin", body: bodyOf(values, now) };
  const others = Object.keys(values).filter((name) => !alone.includes(name));
  const [other] = [...named.slice(1), ...others];
  if (other !== undefined) throw new UsageError(`--${kind} does not go with --${other}`);
  return { kind, id: values[kind] ?? "" };
}

/** Returns the JSON; absent options are left out. @throws UsageError */
function bodyOf(values: Values, now: Date): object {
  if (!selecting.some((name) => values[name] !== undefined)) {
    throw new UsageError("say which: --all, --user, --type, --since or --until");
  }
  return {
    all: values.all,
    user_ids: values.user,
    types: values.type,
    since: values.since && parseDay("since", values.since, now),
    until: values.until && parseDay("until", values.until, now),
    dry_run: values["dry-run"],
    send_events: values["send-events"],
    records_per_second: values.rate === undefined ? undefined : parseRate(values.rate),
  };
}

const day = /^\d{4}-\d\d-\d\d$/;

function parseDay(option: string, text: string, now: Date): string {
  const at = parseInstant(option, text, now).toISOString().slice(0, 10);
  if (day.test(text) || /^\d+d$/.test(text)) return at;
  throw new UsageError(`--${option} ${text} is no day: use 2026-11-22 or 30d`);
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (text.trim() !== "" && rate > 0 && Number.isFinite(rate)) return rate;
  throw new UsageError(`--rate ${text} is no number of records a second`);
}
