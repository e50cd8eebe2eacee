/**
 * A proxy in front of moto, which answers refusals in XML whatever the protocol of the request. AWS answers
 * in the protocol of the request, and its client reads nothing else. All other answers pass unchanged.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

const [port, moto] = process.argv.slice(2).map(Number);

createServer((asked, answer) => {
  const { method, url, headers } = asked;
  const passed = request({ host: "127.0.0.1", port: moto, method, path: url, headers }, (response) => {
    pass(response, answer).catch((error: Error) => answer.destroy(error));
  });
  passed.once("error", (error) => answer.destroy(error));
  asked.pipe(passed);
}).listen(port, "127.0.0.1");

async function pass(response: IncomingMessage, answer: ServerResponse): Promise<void> {
  const body = await buffer(response);
  const { statusCode = 502, headers } = response;
  const [, code] = /<Code>(.*?)<\/Code>/.exec(String(body)) ?? [];
  const [, message] = /<Message>(.*?)<\/Message>/.exec(String(body)) ?? [];
  if (statusCode < 400 || code === undefined) {
    answer.writeHead(statusCode, headers).end(body);
    return;
  }
  const refusal = { __type: `com.amazon.coral.service#${code}`, message };
  answer.writeHead(statusCode, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(refusal));
}
