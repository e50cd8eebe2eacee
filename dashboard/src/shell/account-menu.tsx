/** The account that is signed in, and light or dark. */
import { Menu, Text, useMantineColorScheme } from "@mantine/core";
import {
  IconBook,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answered } from "../api/answered.ts";
import { serverCalls } from "../api/client.ts";
import { usePlace } from "./environment.ts";
import classes from "./shell.module.css";

const schemes = [
  { value: "light", name: "Light", icon: IconSun },
  { value: "dark", name: "Dark", icon: IconMoon },
  { value: "auto", name: "As the system", icon: IconDeviceDesktop },
] as const;

export function AccountMenu() {
  const { account, environment } = usePlace();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  return (
    <Menu width={240} position="top-start">
      <Menu.Target>
        <button type="button" className={classes.switch}>
          <span className="visually-hidden">Account </span>
          <div style={{ minWidth: 0, flex: 1 }}>
            <div className="truncate" style={{ fontWeight: 550 }}>
              {account.email}
            </div>
            <Text size="xs" c="dimmed">
              {account.role === "admin" ? "Admin" : "Viewer: may change nothing"}
            </Text>
          </div>
          <IconSelector size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(({ value, name, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => setColorScheme(value)}
            fw={colorScheme === value ? 650 : 400}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          renderRoot={(props) => (
            <Link {...props} to="/e/$env/account" params={{ env: environment.dev_id }} />
          )}
          leftSection={<IconUser size={16} aria-hidden />}
        >
          Your account
        </Menu.Item>
        <Menu.Item component="a" href="/docs" leftSection={<IconBook size={16} aria-hidden />}>
          API reference
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answered(serverCalls.DELETE("/admin/v1/session")),
    // Nothing of what was seen stays in the page.
    onSettled: () => {
      client.clear();
      window.location.assign("/dashboard/sign-in");
    },
  });
}
