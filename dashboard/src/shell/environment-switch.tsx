/** Says which environment the screens are about, by name and by colour, and leads to the others. */
import { Menu, Text } from "@mantine/core";
import { IconCheck, IconPlus, IconSelector } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type Environment, stageNames, usePlace } from "./environment.ts";
import classes from "./shell.module.css";
import { StageMark } from "./stage-mark.tsx";

function EnvironmentName({ environment }: { readonly environment: Environment }) {
  const { name, dev_id: devId, stage } = environment;
  return (
    <div style={{ minWidth: 0, flex: 1 }}>
      <div className="truncate" title={devId} style={{ fontWeight: 550 }}>
        {name}
      </div>
      <Text size="xs" c="dimmed">
        {stageNames[stage]}
      </Text>
    </div>
  );
}

export function EnvironmentSwitch() {
  const { environment, environments } = usePlace();
  const navigate = useNavigate();
  const go = (devId: string, screen = "start") =>
    void navigate({ to: `/e/$env/${screen}`, params: { env: devId } });
  return (
    <Menu width={240} position="bottom-start">
      <Menu.Target>
        <button type="button" className={classes.switch}>
          <span className="visually-hidden">Environment </span>
          <StageMark stage={environment.stage} />
          <EnvironmentName environment={environment} />
          <IconSelector size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {environments.map((other) => (
          <Menu.Item
            key={other.dev_id}
            leftSection={<StageMark stage={other.stage} />}
            rightSection={
              other.dev_id === environment.dev_id ? <IconCheck size={15} aria-label="shown" /> : null
            }
            onClick={() => go(other.dev_id)}
          >
            <EnvironmentName environment={other} />
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => go(environment.dev_id, "keys")}
        >
          New environment …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
