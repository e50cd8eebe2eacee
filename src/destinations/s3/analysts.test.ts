/** The README's queries for DuckDB and pandas, run as they are printed on a bucket of the test server. */
import { expect, it } from "vitest";
import { recipe } from "../../../test/servers/ceph.ts";
import { bringUpMs, useServer } from "../../../test/servers/server.ts";
import { expectPrinted, isUnavailable, printedIn, pythonOrNone } from "../analysts.fixture.ts";
import { deadline, openGuard } from "../conformance/bench.ts";
import { happenings } from "../kit/sql/typed/readme.fixture.ts";
import { parseSettings } from "../settings.ts";
import destination from "./index.ts";
import { startTarget } from "./target.ts";

const printed = printedIn(import.meta.dirname);

it("the README has two", () => expect(printed).toHaveLength(2));

it("they print what the README says", { timeout: bringUpMs }, async ({ skip }) => {
  const [python, target, server] = [await pythonOrNone(), await startTarget(), await useServer(recipe)];
  for (const one of [python, target, server]) if (isUnavailable(one)) return skip(one.reason);
  if (isUnavailable(python) || isUnavailable(target) || isUnavailable(server)) return;
  const place = await target.open(target.address);
  const sender = destination.connect(parseSettings(destination, place.settings), openGuard);
  try {
    for (const event of happenings) await sender.deliver(event, deadline());
    const { accessKeyId, secretAccessKey } = server.facts.users.owner;
    const address = `${target.address.host}:${target.address.port}`;
    const environment = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ENDPOINT_URL: `http://${address}`,
    };
    const secret = {
      "your-key": accessKeyId,
      "your-secret": secretAccessKey,
      "REGION 'eu-central-1'": `REGION 'us-east-1', ENDPOINT '${address}', URL_STYLE 'path', USE_SSL false`,
    };
    for (const one of printed) {
      const given = one.script.includes("duckdb") ? secret : {};
      await expectPrinted(python, one, { "YOUR-BUCKET": place.bucket, ...given }, environment);
    }
  } finally {
    await sender.close();
    await place.close();
    await target.close();
  }
});
