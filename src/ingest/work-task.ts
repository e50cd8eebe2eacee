/** One try of one task: marks it as begun, works it by its kind, and writes its outcome. */
import type { FetchTask, FetchTaskId } from "../store/fetch-tasks.ts";
import type { TaskKind } from "../store/tables.ts";
import { beginTry, type TaskOutcome } from "../store/task-tries.ts";
import { continueHistory } from "../sync/history.ts";
import { recordSpan } from "../telemetry/spans.ts";
import type { IngestDeps } from "./deps.ts";
import { fetchTask, givenTask } from "./fetch-task.ts";
import { failure, type TryOutcome } from "./outcome.ts";
import { workPermissionEnded, workScopesChanged } from "./permission.ts";
import { workRevocation } from "./revoke-grant.ts";
import { settleTry } from "./settle-try.ts";

type TaskHandler = (deps: IngestDeps, task: FetchTask) => Promise<TryOutcome>;

/** The handler of each kind of task. @throws errors that `failure` turns into an outcome */
const handlers: Readonly<Record<TaskKind, TaskHandler>> = {
  announced: fetchTask,
  connect: fetchTask,
  refresh: fetchTask,
  reconcile: fetchTask,
  backfill: fetchTask,
  file: fetchTask,
  "second-look": fetchTask,
  revoke: workRevocation,
  given: givenTask,
  "permission-ended": workPermissionEnded,
  "scopes-changed": workScopesChanged,
};

/** Works a task. Never throws for a provider's failure; throws when our own database fails, so the job is repeated. */
export async function workTask(deps: IngestDeps, job: FetchTaskId): Promise<void> {
  const task = await beginTry(deps.store.db, job);
  // A job may be handed out twice; a task that was finished or erased meanwhile needs nothing more.
  if (task === null) return;
  const startedAt = Date.now();
  const outcome = await handlers[task.kind](deps, task).catch((error: unknown) => failure(deps, task, error));
  const written = await settleTry(deps.store, task, outcome);
  // A task that was finished or erased meanwhile keeps the outcome written then.
  if (written === null) return;
  logOutcome(deps, task, written, Date.now() - startedAt);
  if (written.state !== "accepted") await continueHistory(deps.store, task, new Date());
}

function logOutcome({ log }: IngestDeps, task: FetchTask, outcome: TaskOutcome, durationMs: number): void {
  const line = {
    trace_id: task.trace_id,
    task_id: task.task_id,
    provider: task.provider,
    kind: task.kind,
    state: outcome.state,
    code: outcome.code,
    next_attempt_at: outcome.nextAttemptAt,
    attempt: task.attempts + 1,
    duration_ms: durationMs,
    ...outcome.details,
  };
  if (outcome.code === null || outcome.isPostponed) log.info(line, "fetch task");
  else log.warn(line, "fetch task");
  recordSpan({
    name: `fetch ${task.provider} ${task.kind}`,
    traceId: task.trace_id,
    durationMs,
    attributes: {
      "systole.task_id": task.task_id,
      "systole.provider": task.provider,
      "systole.state": outcome.state,
      "systole.attempt": task.attempts + 1,
    },
    code: outcome.isPostponed ? null : outcome.code,
  });
}
