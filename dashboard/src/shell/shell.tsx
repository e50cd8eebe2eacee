/** The frame around every screen: the environment, the ways between screens, the account. */
import { Burger } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconActivity,
  IconBroadcast,
  IconBuildingBroadcastTower,
  IconDeviceWatch,
  IconEye,
  IconHeartbeat,
  IconKey,
  IconPlugConnected,
  IconRocket,
  IconUsers,
} from "@tabler/icons-react";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { type ComponentType, useEffect, useRef } from "react";
import icon from "../icon.svg";
import { AccountMenu } from "./account-menu.tsx";
import { usePlace } from "./environment.ts";
import { EnvironmentSwitch } from "./environment-switch.tsx";
import classes from "./shell.module.css";
import { StageWord } from "./stage-mark.tsx";

type Screen =
  | "start"
  | "people"
  | "events"
  | "deliveries"
  | "sources"
  | "destinations"
  | "previews"
  | "keys"
  | "audit"
  | "health";

interface Way {
  readonly to: `/e/$env/${Screen}`;
  readonly name: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;
}

const groups: readonly { readonly name: string | null; readonly ways: readonly Way[] }[] = [
  { name: null, ways: [{ to: "/e/$env/start", name: "Start", icon: IconRocket }] },
  {
    name: "Data",
    ways: [
      { to: "/e/$env/people", name: "People", icon: IconUsers },
      { to: "/e/$env/events", name: "Events", icon: IconActivity },
      { to: "/e/$env/deliveries", name: "Deliveries", icon: IconBroadcast },
    ],
  },
  {
    name: "Configuration",
    ways: [
      { to: "/e/$env/sources", name: "Sources", icon: IconDeviceWatch },
      { to: "/e/$env/destinations", name: "Destinations", icon: IconPlugConnected },
      { to: "/e/$env/previews", name: "Payload previews", icon: IconEye },
    ],
  },
  {
    name: "Operation",
    ways: [
      { to: "/e/$env/keys", name: "Environments and keys", icon: IconKey },
      { to: "/e/$env/audit", name: "Team and audit log", icon: IconBuildingBroadcastTower },
      { to: "/e/$env/health", name: "Health", icon: IconHeartbeat },
    ],
  },
];

export function Shell() {
  const { environment } = usePlace();
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useFocusOnNavigation(pathname, close);
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <div className={classes.stripe} data-stage={environment.stage} aria-hidden />
      <div className={classes.bar}>
        <div className={classes.place}>
          <Brand />
          <StageWord stage={environment.stage} />
        </div>
        <Burger opened={opened} onClick={toggle} size="sm" aria-label={opened ? "Close menu" : "Open menu"} />
      </div>
      <div className={classes.shell}>
        <aside className={classes.side} data-opened={opened}>
          <Brand />
          <EnvironmentSwitch />
          <nav className={classes.nav} aria-label="Screens">
            {groups.map(({ name, ways }) => (
              <div key={name ?? "first"}>
                {name !== null && <div className={classes.group}>{name}</div>}
                {ways.map((way) => (
                  <WayLink key={way.name} way={way} environment={environment.dev_id} />
                ))}
              </div>
            ))}
          </nav>
          <AccountMenu />
        </aside>
        <main id="main" tabIndex={-1} style={{ outline: "none", minWidth: 0 }}>
          <Outlet />
        </main>
      </div>
    </>
  );
}

/** A screen reader goes on reading at the new screen, and the small menu closes. */
function useFocusOnNavigation(pathname: string, close: () => void): void {
  const former = useRef(pathname);
  useEffect(() => {
    if (former.current === pathname) return;
    former.current = pathname;
    close();
    document.getElementById("main")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname, close]);
}

function WayLink({ way: { to, name, icon: Icon }, environment }: { way: Way; environment: string }) {
  return (
    <Link to={to} params={{ env: environment }} className={classes.link}>
      <Icon size={17} stroke={1.7} aria-hidden />
      {name}
    </Link>
  );
}

function Brand() {
  return (
    <div className={classes.brand}>
      <img src={icon} alt="" width={24} height={24} />
      Systole
    </div>
  );
}
