import { Badge, Group } from "@mantine/core";
import { Panel } from "../../ui/page.tsx";
import type { ProviderState } from "./sources.tsx";
export function DataTypes({ provider }: { readonly provider: ProviderState }) {
  return (
    <Panel title="Data types">
      <Group gap={6}>
        {provider.data_types.map((type) => (
          <Badge key={type} variant="default" tt="none" fw={500}>
            {type}
          </Badge>
        ))}
      </Group>
    </Panel>
  );
}
