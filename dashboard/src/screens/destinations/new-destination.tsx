/** Adding a destination: its kind, then a form made of what that kind declares. */
import { Button, SimpleGrid, Text } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useApi, usePlace } from "../../shell/environment.ts";
import { CardLink } from "../../ui/card.tsx";
import { Page, Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { DestinationForm } from "./destination-form.tsx";
import { sentenceOf } from "./kinds.ts";

const route = getRouteApi("/signed-in/e/$env/destinations/new");

export function NewDestination() {
  const { kind: chosen } = route.useSearch();
  const { environment } = usePlace();
  const asked = useApi().useQuery("get", "/admin/v1/destinations/kinds", {});
  return (
    <Loaded asked={asked}>
      {({ data: kinds }) => {
        if (chosen === undefined) return <Gallery kinds={kinds} />;
        const kind = kinds.find((one) => one.kind === chosen);
        if (kind === undefined) return <Empty title="There is no such kind of destination" />;
        return (
          <Page
            title={`Add ${kind.name}`}
            lead={sentenceOf(kind.kind)}
            wide={false}
            actions={
              <Button component={Link} to={`/e/${environment.dev_id}/destinations/new`} variant="default">
                Other kinds
              </Button>
            }
          >
            <Panel>
              <DestinationForm key={kind.kind} kind={kind} />
            </Panel>
          </Page>
        );
      }}
    </Loaded>
  );
}

interface GalleryProps {
  readonly kinds: readonly { readonly kind: string; readonly name: string }[];
}

function Gallery({ kinds }: GalleryProps) {
  const { environment } = usePlace();
  const webhookFirst = [...kinds].sort((a, b) => Number(b.kind === "webhook") - Number(a.kind === "webhook"));
  return (
    <Page title="Add destination" lead="Where should events go?">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md">
        {webhookFirst.map(({ kind, name }) => (
          <CardLink key={kind} to={`/e/${environment.dev_id}/destinations/new?kind=${kind}`}>
            <Text fw={600}>{name}</Text>
            <Text size="sm" c="dimmed" mt={4}>
              {sentenceOf(kind)}
            </Text>
          </CardLink>
        ))}
      </SimpleGrid>
    </Page>
  );
}
