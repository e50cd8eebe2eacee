/** Code to paste, filled with what this environment really has. */
import { Group, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { usePlace } from "../../shell/environment.ts";
import { Snippet } from "../../ui/code.tsx";
import { dayMs, dayOf } from "../../ui/days.ts";
import { Panel } from "../../ui/page.tsx";
import { useMadeKey } from "./made-key.ts";

interface Values {
  readonly url: string;
  readonly devId: string;
  readonly key: string;
  readonly userId: string;
  readonly from: string;
}

const writers: Readonly<Record<string, (values: Values) => string>> = {
  "terra-api": ({ url, devId, key, userId, from }) => `// npm install terra-api
import { TerraClient } from "terra-api";

const terra = new TerraClient({
  baseUrl: "${url}/v2/",
  devId: "${devId}",
  apiKey: "${key}",
});

// A page on which a person connects their wearable
const session = await terra.authentication.generatewidgetsession({
  reference_id: "your-own-id-of-the-person",
});
console.log(session.url);

// What was recorded since ${from}
const sleep = await terra.sleep.fetch({
  user_id: "${userId}",
  start_date: "${from}",
  to_webhook: false,
});
console.log(sleep.data);`,
  curl: ({ url, devId, key, userId, from }) => `# A page on which a person connects their wearable
curl -s ${url}/v2/auth/generateWidgetSession \\
  -H 'dev-id: ${devId}' -H 'x-api-key: ${key}' \\
  -H 'content-type: application/json' \\
  -d '{"reference_id": "your-own-id-of-the-person"}'

# What was recorded since ${from}
curl -s '${url}/v2/sleep?user_id=${userId}&start_date=${from}&to_webhook=false' \\
  -H 'dev-id: ${devId}' -H 'x-api-key: ${key}'`,
  Python: ({ url, devId, key, userId, from }) => `# pip install requests
import requests

systole = requests.Session()
systole.headers.update({"dev-id": "${devId}", "x-api-key": "${key}"})

# A page on which a person connects their wearable
session = systole.post(
    "${url}/v2/auth/generateWidgetSession",
    json={"reference_id": "your-own-id-of-the-person"},
).json()
print(session["url"])

# What was recorded since ${from}
sleep = systole.get(
    "${url}/v2/sleep",
    params={"user_id": "${userId}", "start_date": "${from}", "to_webhook": "false"},
).json()
print(sleep["data"])`,
};

const names = Object.keys(writers);

export function Snippets({ userId }: { readonly userId: string | null }) {
  const { environment } = usePlace();
  const key = useMadeKey();
  const [language, setLanguage] = useState("terra-api");
  const values: Values = {
    url: window.location.origin,
    devId: environment.dev_id,
    key: key ?? "YOUR_API_KEY",
    userId: userId ?? "USER_ID",
    from: dayOf(Date.now() - 7 * dayMs),
  };
  const code = writers[language]?.(values) ?? "";
  return (
    <Panel
      title="In your code"
      actions={
        <SegmentedControl
          size="xs"
          data={names}
          value={language}
          onChange={setLanguage}
          aria-label="Language"
        />
      }
    >
      <Snippet code={code} label={`${language} example`} />
      <Group mt="sm" gap="lg">
        {key === undefined && (
          <Text size="sm" c="dimmed">
            Keys are kept as hashes: make one above to see it filled in here, or put in your own.
          </Text>
        )}
        {userId === null && (
          <Text size="sm" c="dimmed">
            USER_ID is known once a person is connected.
          </Text>
        )}
      </Group>
    </Panel>
  );
}
