/** The payload of each provider and type, made by the real normaliser from the sandbox's data. */
import { Group, SegmentedControl, Select, Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { asProblem } from "../../api/problem.ts";
import { useApi, useMayChange } from "../../shell/environment.ts";
import { JsonView } from "../../ui/json-view.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Scrolled } from "../../ui/scrolled.tsx";
import { Empty, Loaded, Loading, Trouble } from "../../ui/states.tsx";
import { type DataType, dataTypes } from "../person/data-types.ts";
import { SendTest } from "./send-test.tsx";

const route = getRouteApi("/signed-in/e/$env/previews");

interface Named {
  readonly value: string;
  readonly label: string;
}

export function Previews() {
  const asked = useApi().useQuery("get", "/admin/v1/providers", {});
  return (
    <Page
      title="Payload previews"
      lead="What a destination gets: made by the code that converts real data, from the sandbox’s."
    >
      <Loaded asked={asked}>
        {({ data }) => <Chosen providers={data.map(({ slug, name }) => ({ value: slug, label: name }))} />}
      </Loaded>
    </Page>
  );
}

function Chosen({ providers }: { readonly providers: readonly Named[] }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const provider = search.provider ?? providers[0]?.value ?? "";
  const type = (search.type ?? "activity") as DataType;
  const change = (part: typeof search) =>
    void navigate({ search: { provider, type, ...part }, replace: true });
  return (
    <Stack>
      <Group>
        <Select
          aria-label="Provider"
          data={[...providers]}
          value={provider}
          onChange={(value) => change({ provider: value ?? provider })}
          allowDeselect={false}
        />
        <Scrolled label="Types">
          <SegmentedControl
            aria-label="Type"
            data={[...dataTypes]}
            value={type}
            onChange={(value) => change({ type: value })}
          />
        </Scrolled>
      </Group>
      <Example key={`${provider} ${type}`} provider={provider} type={type} providers={providers} />
    </Stack>
  );
}

interface ExampleProps {
  readonly provider: string;
  readonly type: DataType;
  readonly providers: readonly Named[];
}

function Example({ provider, type, providers }: ExampleProps) {
  const mayChange = useMayChange();
  const asked = useApi().useQuery(
    "get",
    "/admin/v1/providers/{slug}/examples/{type}",
    { params: { path: { slug: provider, type } } },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  // The button that sends the example needs them; the example waits for both, so that nothing moves.
  const destinations = useApi().useQuery("get", "/admin/v1/destinations", {});
  const nameOf = (slug: string): string => providers.find(({ value }) => value === slug)?.label ?? slug;
  const title = `${nameOf(provider)}: ${type}`;
  if (asked.isPending || destinations.isPending) {
    return (
      <Panel key="loading" title={title}>
        <Loading rows={12} />
      </Panel>
    );
  }
  if (asked.data !== undefined) {
    return (
      <Panel
        key="example"
        title={title}
        note="in Terra’s format"
        actions={mayChange && <SendTest provider={provider} type={type} />}
      >
        <JsonView value={asked.data.payload} label="Example payload" maxHeight="64vh" />
      </Panel>
    );
  }
  const { code, details } = asProblem(asked.error);
  if (code !== "EXAMPLE_MISSING") return <Trouble error={asked.error} retry={() => asked.refetch()} />;
  const having = Array.isArray(details.providers) ? details.providers.map(String) : [];
  return (
    <Panel>
      <Empty title={`${nameOf(provider)} has no ${type}`}>
        {having.length === 0
          ? "No provider of this version has this type."
          : `These have it: ${having.map(nameOf).join(", ")}.`}
      </Empty>
    </Panel>
  );
}
