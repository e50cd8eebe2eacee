/** Fields that the provider sent and nobody foresaw: a sign that its API has changed. */
import { Code, Text } from "@mantine/core";
import { useApi } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";

export function UnknownFields({ slug }: { readonly slug: string }) {
  const asked = useApi().useQuery("get", "/admin/v1/providers/{slug}/unknown-leaves", {
    params: { path: { slug } },
  });
  return (
    <Panel title="Unexpected fields">
      <Loaded asked={asked}>
        {({ data }) =>
          data.length === 0 ? (
            <Text size="sm" c="dimmed">
              None: everything that was sent is known, and could be read.
            </Text>
          ) : (
            <ul style={{ margin: 0, paddingLeft: "1.1rem" }}>
              {data.map((leaf) => (
                <li key={JSON.stringify(leaf)}>
                  <Text size="sm">
                    <Code>{`${leaf.resource} ${leaf.path}`}</Code>{" "}
                    {leaf.kind === "unknown" ? "is new" : "could not be read"}
                  </Text>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
