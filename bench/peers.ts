/**
 * The work of `emit` at another sender of webhooks that runs already: `peers:svix,ADDRESS,TOKEN` or
 * `peers:outpost,ADDRESS,TOKEN`, and then the numbers of its processes, its database's among them, whose time of the
 * processor is to be counted: `peers:svix,http://127.0.0.1:8071,TOKEN,812,640`. Its children are counted with a process.
 * The floor is the bare loop of `emit`.
 */
import { setTimeout } from "node:timers/promises";
import { Pool } from "undici";
import { outpost } from "./peers/outpost.ts";
import type { Call, Peer } from "./peers/peer.ts";
import { svix } from "./peers/svix.ts";
import type { Bench } from "./support/benchmark.ts";
import { bodyBytes, newBody } from "./support/emission.ts";
import {
  costsOf,
  count,
  floorCount,
  perSecond,
  rounds,
  startFor,
  startLoop,
  steadyCount,
  untilReceived,
  width,
} from "./support/event-costs.ts";
import { atATime, steadily } from "./support/manners.ts";
import { familyMs, postmasterOf } from "./support/processor.ts";
import type { Result } from "./support/report.ts";
import { compare, type Round } from "./support/rounds.ts";

const peers: Readonly<Record<string, Peer>> = { svix, outpost };
const timeoutMs = 300_000;

interface Asked {
  readonly name: string;
  readonly peer: Peer;
  readonly address: string;
  readonly token: string;
  readonly processes: readonly number[];
}

interface Costs {
  readonly perSecond: number;
  /** Zero where no processes were named. */
  readonly processorMs: number;
}

export async function benchPeers({ openTestBed, parts, progress }: Bench): Promise<Result[]> {
  if (parts.length === 0) progress(usage);
  const asked = parts.map(parse);
  const results: Result[] = [];
  for (const one of asked) results.push(...(await benchPeer(one, { openTestBed, progress })));
  return results;
}

const usage = `left out: it needs a peer that runs.\n${Object.entries(peers)
  .map(([name, { needs }]) => `  npm run bench -- peers:${name},ADDRESS,TOKEN[,PROCESS,…]\n    ${needs}`)
  .join("\n")}`;

function parse(part: string): Asked {
  const [name = "", address = "", token = "", ...processes] = part.split(",");
  const peer = peers[name];
  if (
    peer === undefined ||
    !URL.canParse(address) ||
    token === "" ||
    !processes.every((id) => Number(id) > 0)
  )
    throw new Error(`"peers:${part}" is not understood: ${usage}`);
  return { name, peer, address: address.replace(/\/$/, ""), token, processes: processes.map(Number) };
}

async function benchPeer(
  asked: Asked,
  { openTestBed, progress }: Pick<Bench, "openTestBed" | "progress">,
): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const receiver = await startFor(opened, "receiver");
  progress(`preparing ${asked.name}`);
  const { call, close } = caller(asked);
  opened.defer(close);
  const publish = await asked.peer.prepare(call, receiver.url);
  const testBed = await openTestBed();
  const databaseUrl = await testBed.createDatabase();
  const loop = await startLoop(databaseUrl, receiver, opened);
  const postmaster = await postmasterOf(databaseUrl);
  const processorOfLoop = async () => (await loop.ask("cpu")) + familyMs(postmaster);
  const floor = (): Promise<Costs> =>
    costsOf(floorCount, { processorMs: processorOfLoop }, () => loop.ask("wide"));
  const carry = async (): Promise<void> => void (await publish(JSON.parse(newBody())));
  // Systole's figure ends when each outcome is written down, so the peer's must not end before.
  const processorOfPeer = async (): Promise<number> => {
    if (asked.processes.length > 0) await setTimeout(asked.peer.restsAfterMs);
    return asked.processes.reduce((sum, pid) => sum + familyMs(pid), 0);
  };
  const ours = (events: number, work: () => Promise<unknown>): Promise<Costs> =>
    costsOf(events, { processorMs: processorOfPeer }, () => untilReceived(receiver, events, work, timeoutMs));
  const manners = {
    [`${width} at a time`]: () => ours(count, () => atATime(width, count, carry)),
    [`${perSecond}/s`]: () => ours(steadyCount, () => steadily(perSecond, steadyCount, carry)),
  };
  await ours(100, () => atATime(width, 100, carry));
  await floor();
  const results: Result[] = [];
  for (const [manner, run] of Object.entries(manners)) {
    const turns: Round<Costs>[] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`${asked.name}, ${manner}, round ${round + 1} of ${rounds}`);
      const turn = { ours: await run(), floor: await floor() };
      turns.push(turn);
      progress(`${shown(turn.ours)}; the loop: ${shown(turn.floor)}`);
    }
    results.push(...resultsOf(asked, manner, turns));
  }
  return results;
}

const shown = ({ perSecond: rate, processorMs }: Costs): string =>
  `${rate.toFixed(0)} events a second, ${processorMs.toFixed(2)} ms of the processor each`;

function resultsOf({ name, processes }: Asked, manner: string, turns: readonly Round<Costs>[]): Result[] {
  const compared = (fact: keyof Costs) =>
    compare(
      turns.map(({ ours, floor }) => ({ ours: ours[fact], floor: floor[fact] })),
      fact === "perSecond" ? "higher" : "lower",
    );
  const what = `${name}, ${manner}, ${bodyBytes / 1_000} kB`;
  const against = "INSERT, POST, DELETE, 16 at a time";
  const rate = { benchmark: "peers", what: `${what}: until all arrived`, unit: "/s", against } as const;
  const cost = {
    benchmark: "peers",
    what: `${what}: time of the processor an event`,
    unit: "ms",
    against,
  } as const;
  return [
    { ...rate, ...compared("perSecond") },
    ...(processes.length === 0 ? [] : [{ ...cost, ...compared("processorMs") }]),
  ];
}

function caller({ name, address, token, peer }: Asked): { call: Call; close(): Promise<void> } {
  const { origin, pathname } = new URL(address);
  const http = new Pool(origin, { connections: width, pipelining: 1 });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const base = pathname === "/" ? "" : pathname;
  const call: Call = async (method, path, body) => {
    const request = { method, path: `${base}${path}`, headers, body: JSON.stringify(body ?? {}) };
    const response = await http.request(request as Parameters<Pool["request"]>[0]).catch((cause: unknown) => {
      throw new Error(`nothing answers at ${address}. ${name} has to run there. ${peer.needs}`, { cause });
    });
    const text = await response.body.text();
    if (response.statusCode < 300) return text === "" ? null : JSON.parse(text);
    throw new Error(`${name} answered ${response.statusCode} to ${method} ${path}: ${text}. ${peer.needs}`);
  };
  return { call, close: () => http.close() };
}
