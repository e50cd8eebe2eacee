/** Every screen and its address. A screen's code is loaded when it is opened first. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { answered } from "./api/answered.ts";
import { serverCalls } from "./api/client.ts";
import { lastEnvironment } from "./shell/last-environment.ts";
import { NoEnvironment } from "./shell/no-environment.tsx";
import { sessionQuery } from "./shell/session.ts";
import { SignedIn } from "./shell/signed-in.tsx";
import { MissingScreen, TroubledScreen } from "./shell/troubled-screen.tsx";

interface Context {
  readonly client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: MissingScreen,
  errorComponent: TroubledScreen,
});

/** Filters stand in the address, so that a view can be shared and gone back to. */
const searchOf =
  <Name extends string>(names: readonly Name[]) =>
  (search: Record<string, unknown>): { [Key in Name]?: string | undefined } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = search[name];
        return value === undefined || value === "" ? [] : [[name, String(value)]];
      }),
    ) as { [Key in Name]?: string | undefined };

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: searchOf(["link", "to"]),
  component: lazyRouteComponent(() => import("./screens/sign-in/sign-in.tsx"), "SignIn"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData(sessionQuery);
    if (session.account === null) throw redirect({ to: "/sign-in", search: { to: location.href } });
    return { account: session.account };
  },
  component: Outlet,
});

const first = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  loader: async () => {
    const { data } = await answered(serverCalls.GET("/admin/v1/environments"));
    const known = data.find(({ dev_id }) => dev_id === lastEnvironment()) ?? data[0];
    if (known !== undefined)
      throw redirect({ to: "/e/$env/start", params: { env: known.dev_id }, replace: true });
  },
  component: NoEnvironment,
});

const environment = createRoute({
  getParentRoute: () => signedIn,
  path: "/e/$env",
  loader: () => answered(serverCalls.GET("/admin/v1/environments")),
  component: SignedIn,
  notFoundComponent: MissingScreen,
});

const parent = () => environment;
const start = createRoute({
  getParentRoute: parent,
  path: "/start",
  component: lazyRouteComponent(() => import("./screens/start/start.tsx"), "Start"),
});
const people = createRoute({
  getParentRoute: parent,
  path: "/people",
  validateSearch: searchOf(["q", "provider", "state"]),
  component: lazyRouteComponent(() => import("./screens/people/people.tsx"), "People"),
});
const person = createRoute({
  getParentRoute: parent,
  path: "/people/$user",
  validateSearch: searchOf(["tab", "type", "day"]),
  component: lazyRouteComponent(() => import("./screens/person/person.tsx"), "Person"),
});
const record = createRoute({
  getParentRoute: parent,
  path: "/people/$user/$type/$key",
  component: lazyRouteComponent(() => import("./screens/record/record.tsx"), "RecordScreen"),
});
const events = createRoute({
  getParentRoute: parent,
  path: "/events",
  validateSearch: searchOf(["outcome", "type", "user", "reference", "since", "until"]),
  component: lazyRouteComponent(() => import("./screens/events/events.tsx"), "Events"),
});
const event = createRoute({
  getParentRoute: parent,
  path: "/events/$id",
  component: lazyRouteComponent(() => import("./screens/events/event.tsx"), "EventScreen"),
});
const deliveries = createRoute({
  getParentRoute: parent,
  path: "/deliveries",
  validateSearch: searchOf(["state", "destination", "event", "type", "user", "since", "until"]),
  component: lazyRouteComponent(() => import("./screens/deliveries/deliveries.tsx"), "Deliveries"),
});
const sources = createRoute({
  getParentRoute: parent,
  path: "/sources",
  component: lazyRouteComponent(() => import("./screens/sources/sources.tsx"), "Sources"),
});
const source = createRoute({
  getParentRoute: parent,
  path: "/sources/$slug",
  component: lazyRouteComponent(() => import("./screens/sources/source.tsx"), "Source"),
});
const destinations = createRoute({
  getParentRoute: parent,
  path: "/destinations",
  component: lazyRouteComponent(() => import("./screens/destinations/destinations.tsx"), "Destinations"),
});
const newDestination = createRoute({
  getParentRoute: parent,
  path: "/destinations/new",
  validateSearch: searchOf(["kind"]),
  component: lazyRouteComponent(() => import("./screens/destinations/new-destination.tsx"), "NewDestination"),
});
const destination = createRoute({
  getParentRoute: parent,
  path: "/destinations/$id",
  component: lazyRouteComponent(() => import("./screens/destinations/destination.tsx"), "DestinationScreen"),
});
const previews = createRoute({
  getParentRoute: parent,
  path: "/previews",
  validateSearch: searchOf(["provider", "type", "format"]),
  component: lazyRouteComponent(() => import("./screens/previews/previews.tsx"), "Previews"),
});
const keys = createRoute({
  getParentRoute: parent,
  path: "/keys",
  component: lazyRouteComponent(() => import("./screens/keys/keys.tsx"), "Keys"),
});
const account = createRoute({
  getParentRoute: parent,
  path: "/account",
  component: lazyRouteComponent(() => import("./screens/account/account.tsx"), "OwnAccount"),
});
const audit = createRoute({
  getParentRoute: parent,
  path: "/audit",
  validateSearch: searchOf(["operator", "action"]),
  component: lazyRouteComponent(() => import("./screens/audit/audit.tsx"), "Audit"),
});
const health = createRoute({
  getParentRoute: parent,
  path: "/health",
  component: lazyRouteComponent(() => import("./screens/health/health.tsx"), "Health"),
});

const screens = [
  start,
  people,
  person,
  record,
  events,
  event,
  deliveries,
  sources,
  source,
  destinations,
  newDestination,
  destination,
  previews,
  keys,
  account,
  audit,
  health,
] as const;

const tree = root.addChildren([signIn, signedIn.addChildren([first, environment.addChildren(screens)])]);

export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree: tree,
    basepath: "/dashboard",
    context: { client },
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultPendingMs: 300,
    defaultErrorComponent: TroubledScreen,
    defaultNotFoundComponent: MissingScreen,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
