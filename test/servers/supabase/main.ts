/** The gateway's process: `main.ts <port> <PostgREST> <superuser's address>`. */
import { createServer } from "node:http";
import { errorMessage } from "../../../src/errors.ts";
import { answerJson } from "./answers.ts";
import { Gateway } from "./gateway.ts";

const [port, program, superuser] = process.argv.slice(2) as [string, string, string];
const gateway = new Gateway(program, superuser);
createServer((request, response) => {
  gateway.handle(request, response).catch((error: unknown) => {
    process.stderr.write(`${request.method} ${request.url}: ${errorMessage(error)}\n`);
    if (response.headersSent) response.destroy();
    else answerJson(response, 500, { message: "Internal Server Error" });
  });
}).listen(Number(port), "127.0.0.1");
