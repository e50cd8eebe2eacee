/** PostgREST for one project's database, and the requests passed to it. */
import { type ChildProcess, spawn } from "node:child_process";
import { Agent, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../../src/store/embedded/free-port.ts";
import { jwtSecret } from "./keys.ts";
import { addressOf } from "./project.ts";

const stepMs = 20;
const readyMs = 60_000;

/** Ends the program when its standard input ends: when this process is killed, PostgREST ends too. */
const withUs = 'exec 3<&0; "$0" </dev/null 3<&- & read _ <&3; kill $!';

export class Rest {
  readonly #port: number;
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true });

  /** Resolves when it has read the database's schema. @throws Error when it does not start */
  static async start(program: string, superuser: string, ref: string): Promise<Rest> {
    const [port, adminPort] = [await freePort(), await freePort()];
    const child = spawn("sh", ["-c", withUs, program], {
      stdio: ["pipe", "ignore", "inherit"],
      env: {
        PGRST_DB_URI: addressOf(superuser, { database: ref, user: "authenticator" }),
        PGRST_DB_SCHEMAS: "public",
        PGRST_DB_ANON_ROLE: "anon",
        PGRST_JWT_SECRET: jwtSecret,
        PGRST_SERVER_HOST: "127.0.0.1",
        PGRST_SERVER_PORT: String(port),
        PGRST_ADMIN_SERVER_PORT: String(adminPort),
        PGRST_LOG_LEVEL: "crit",
        PATH: process.env.PATH,
      },
    });
    await untilReady(child, `http://127.0.0.1:${adminPort}/ready`);
    return new Rest(port, child);
  }

  private constructor(port: number, child: ChildProcess) {
    this.#port = port;
    this.#child = child;
  }

  /** Passes a request on, with its own path and the gateway's changes of the headers. */
  pass(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    headers: IncomingMessage["headers"],
  ) {
    const upstream = send({
      port: this.#port,
      host: "127.0.0.1",
      agent: this.#agent,
      method: request.method,
      path,
      headers,
    });
    upstream.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.once("error", () => response.destroy());
    response.once("close", () => upstream.destroy());
    request.pipe(upstream);
  }

  stop(): void {
    this.#child.stdin?.destroy();
    this.#agent.destroy();
  }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + readyMs;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    if (child.exitCode !== null || Date.now() > deadline) {
      child.stdin?.destroy();
      throw new Error("PostgREST does not start");
    }
    await pause(stepMs);
  }
}
