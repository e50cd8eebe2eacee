/**
 * The suite that every destination passes, against its real server. A kind has a Target (target.ts); the suite
 * puts a proxy before it, opens a fresh place for each case and runs the case. The cases are plain functions,
 * so that conformance.test.ts can run each of them against a destination that is broken on purpose.
 */
import { afterAll, beforeAll, describe, it } from "vitest";
import { z } from "zod";
import { suiteServers } from "../../../test/servers/all.ts";
import { apart, bringUpMs } from "../../../test/servers/server.ts";
import type { Destination, Sender } from "../destination.ts";
import { loadDestination } from "../registry.ts";
import { parseSettings } from "../settings.ts";
import { type Bench, type Case, NotApplicable, openGuard } from "./bench.ts";
import { type CaseName, caseNames, cases } from "./cases/index.ts";
import { singly } from "./delivering.ts";
import { deliverElsewhere } from "./elsewhere.ts";
import { startEndless } from "./endless.ts";
import { inOnlyFormat } from "./formed.ts";
import { FaultyProxy } from "./proxy.ts";
import type { Settings, Target, TargetBehaviour } from "./target.ts";

export type { CaseName } from "./cases/index.ts";

/** The report of a case, which `npm test` reads from Vitest's report to print its table. */
export interface CaseReport {
  readonly kind: string;
  readonly case: string;
  /** Null where the kind was not run. */
  readonly server: string | null;
  /** The reason for which the case was skipped or the kind not run. */
  readonly reason: string | null;
}

declare module "vitest" {
  interface TaskMeta {
    destination?: CaseReport;
  }
}

const caseMs = 180_000;

interface Stage {
  readonly target: Target;
  readonly proxy: FaultyProxy;
}

interface NotRun {
  readonly reason: string;
}

/**
 * Runs every case; skipping one needs a reason, which ends up in the table of the docs. A target that cannot
 * be run on this machine is returned as `{ reason }`: the kind is then reported as not run.
 */
export function testDestination(
  behaviour: TargetBehaviour,
  startTarget: () => Promise<Target | NotRun>,
  skip: Partial<Record<CaseName, string>> = {},
): void {
  describe(`destination ${behaviour.kind}`, () => {
    let stage: Stage | NotRun;
    beforeAll(async () => {
      stage = await setUp(behaviour.kind, startTarget);
    }, bringUpMs);
    afterAll(async () => {
      if ("reason" in stage) return;
      await stage.proxy.close();
      await stage.target.close();
    });
    it.for(caseNames)("%s", { timeout: caseMs }, async (name, context) => {
      const server = "reason" in stage ? null : stage.target.server;
      const report: CaseReport = { kind: behaviour.kind, case: name, server, reason: null };
      context.task.meta.destination = report;
      const reason = await runCase(behaviour, stage, name, skip[name]);
      if (reason === null) return;
      context.task.meta.destination = { ...report, reason };
      context.skip(reason);
    });
  });
}

async function setUp(kind: string, startTarget: () => Promise<Target | NotRun>): Promise<Stage | NotRun> {
  const target = await apart(suiteServers, startTarget);
  if (!("reason" in target)) {
    return { target, proxy: await FaultyProxy.start(target.address, target.proxyPort) };
  }
  process.stderr.write(`\nNOT RUN: destination ${kind}: ${target.reason}\n`);
  return target;
}

/** Returns why the case was skipped; null when it was run. */
async function runCase(
  behaviour: TargetBehaviour,
  stage: Stage | NotRun,
  name: CaseName,
  skipped: string | undefined,
): Promise<string | null> {
  if ("reason" in stage) return stage.reason;
  if (skipped !== undefined) return skipped;
  try {
    await onBench(behaviour, stage, cases[name]);
    return null;
  } catch (error) {
    if (error instanceof NotApplicable) return error.message;
    throw error;
  }
}

async function onBench(behaviour: TargetBehaviour, { target, proxy }: Stage, run: Case): Promise<void> {
  const destination = await loadDestination(behaviour.kind);
  const { onlyFormat: only } = destination;
  const place = await target.open(proxy.address);
  const senders: Sender[] = [];
  const others: { close(): Promise<void> }[] = [];
  const bench: Bench = {
    behaviour,
    place,
    faults: proxy,
    secretsOf: (settings) => secretsOf(destination, settings),
    formats: only === undefined ? (destination.formats ?? []) : [only],
    onlyFormat: only,
    singly: singly(destination.time),
    batch: destination.batch ?? null,
    async endless(eachBytes) {
      const server = await startEndless(behaviour.endless, eachBytes);
      const instead = await target.open(server.address);
      others.push(instead, server);
      const settings = { ...instead.settings, ...behaviour.endless.settings };
      return { settings, sentBytes: () => server.sentBytes };
    },
    restart: target.restart?.bind(target) ?? null,
    connect(settings = place.settings, context = openGuard, format = "terra") {
      const sender = destination.connect(parseSettings(destination, settings), context, format);
      senders.push(sender);
      return only === undefined ? sender : inOnlyFormat(sender, only);
    },
    elsewhere: (events, how) =>
      deliverElsewhere({ kind: behaviour.kind, settings: place.settings, how }, events),
  };
  try {
    await run(bench);
  } finally {
    await proxy.pass();
    await Promise.all(senders.map((sender) => sender.close()));
    for (const other of others) await other.close();
    await place.close();
  }
}

function secretsOf({ settings: schema }: Destination, settings: Settings): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const marked = Object.entries(schema.shape).filter(([, setting]) => (setting as z.ZodType).meta()?.secret);
  return marked.map(([name]) => settings[name]).filter((value) => typeof value === "string");
}
