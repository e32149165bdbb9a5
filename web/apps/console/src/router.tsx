import type { CaseView, HitKind, View } from "@yingda/api";
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, notFound, Outlet, redirect } from "@tanstack/react-router";
import { ApiError } from "@yingda/api";
import { setPrefs } from "./prefs";
import { can, meQuery, queryClient } from "./query";
import { isDay, reportParts, spans, type ReportPart, type SpanChoice } from "./report/span";
import { CrashPage, LoadingPage, NotFoundPage } from "./shell/pages";
import { chooseLanguage } from "./language";
import { getPrefs } from "./prefs";

export const views: View[] = ["mine", "queue", "unassigned", "bot", "mentions", "all", "closed"];

/** Whether an address names a saved view, and not one of the lists that are always there. */
export const isSaved = (view: string) => view.startsWith("vw_");

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

interface SignInSearch {
  to?: string;
  expired?: boolean;
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search): SignInSearch => ({
    to: typeof search.to === "string" && search.to.startsWith("/") && !search.to.startsWith("//") ? search.to : undefined,
    expired: search.expired === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import("./account/SignInPage")),
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup/$token",
  component: lazyRouteComponent(() => import("./account/SetupPage")),
});

/** Lets in who is signed in; the others come back here once they are. */
async function signedIn({ location }: { location: { href: string } }) {
  try {
    const me = await queryClient.ensureQueryData(meQuery);
    if (!getPrefs().language && me.language) {
      setPrefs({ language: me.language });
      await chooseLanguage(me.language);
    }
  } catch (err) {
    if (err instanceof ApiError && err.status === 401) throw redirect({ to: "/sign-in", search: { to: location.href === "/" ? undefined : location.href } });
    throw err;
  }
}

const signedRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed",
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import("./shell/Shell")),
});

const homeRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/",
  async beforeLoad() {
    const me = await queryClient.ensureQueryData(meQuery);
    if (can(me, "conversation.read", "conversation.reply")) throw redirect({ to: "/inbox/$view/{-$id}", params: { view: "mine" }, replace: true });
    if (can(me, "compensation.approve.finance")) throw redirect({ to: "/approvals", replace: true });
    if (can(me, "channel.manage")) throw redirect({ to: "/settings/{-$section}", params: { section: "channels" }, replace: true });
    if (can(me, "knowledge.read")) throw redirect({ to: "/knowledge/{-$section}/{-$id}", replace: true });
    throw redirect({ to: "/settings/{-$section}", replace: true });
  },
});

const inboxHomeRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/inbox",
  beforeLoad: () => {
    throw redirect({ to: "/inbox/$view/{-$id}", params: { view: "mine" }, replace: true });
  },
});

export interface InboxSearch {
  team?: string;
  agent?: string;
  priority?: number;
  inbox?: string;
  state?: string;
  tag?: string;
  lang?: string;
  /** Minutes. */
  waiting?: number;
  unread?: true;
  mood?: string;
  q?: string;
  /** The message to show first, from search. */
  seq?: number;
}

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
/** A word that may look like a number in an address. */
const word = (value: unknown) => (typeof value === "number" ? String(value) : text(value));
const whole = (value: unknown) => (Number.isInteger(value) ? (value as number) : undefined);

export const inboxRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/inbox/$view/{-$id}",
  validateSearch: (search): InboxSearch => ({
    team: text(search.team),
    agent: text(search.agent),
    priority: whole(search.priority),
    inbox: text(search.inbox),
    state: text(search.state),
    tag: word(search.tag),
    lang: text(search.lang),
    waiting: whole(search.waiting),
    unread: search.unread === true ? true : undefined,
    mood: text(search.mood),
    q: word(search.q),
    seq: whole(search.seq),
  }),
  beforeLoad({ params }) {
    if (!views.includes(params.view as View) && !isSaved(params.view)) throw notFound();
  },
  component: lazyRouteComponent(() => import("./conversation/InboxPage")),
});

export interface SearchSearch {
  q?: string;
  kind?: HitKind;
  sort?: "best" | "newest";
}

export const searchRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/search",
  validateSearch: (search): SearchSearch => ({
    q: search.q === undefined || search.q === "" ? undefined : String(search.q),
    kind: ["message", "conversation", "contact"].includes(search.kind as string) ? (search.kind as HitKind) : undefined,
    sort: search.sort === "newest" ? "newest" : undefined,
  }),
  component: lazyRouteComponent(() => import("./search/SearchPage")),
});

export const contactsRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/contacts",
  validateSearch: (search): { q?: string; tag?: string; attribute?: string } => ({
    q: search.q === undefined || search.q === "" ? undefined : String(search.q),
    tag: search.tag === undefined || search.tag === "" ? undefined : String(search.tag),
    attribute: text(search.attribute),
  }),
  component: lazyRouteComponent(() => import("./contact/ContactsPage")),
});

const duplicatesRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/contacts/duplicates",
  component: lazyRouteComponent(() => import("./contact/DuplicatesPage")),
});

const importRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/contacts/import",
  component: lazyRouteComponent(() => import("./contact/ImportPage")),
});

const blocksRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/contacts/blocks",
  component: lazyRouteComponent(() => import("./contact/BlocksPage")),
});

export const contactRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/contacts/$id",
  component: lazyRouteComponent(() => import("./contact/ContactPage")),
});

export const caseViews: CaseView[] = ["mine", "unassigned", "open", "escalated", "snoozed", "over", "all"];

export interface CasesSearch {
  view?: CaseView;
  kind?: string;
  level?: string;
  category?: string;
  team?: string;
  agent?: string;
  source?: string;
  number?: string;
  tag?: string;
  priority?: number;
  q?: string;
  /** The saved view that says the rest. */
  saved?: string;
}

export const casesRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/cases",
  validateSearch: (search): CasesSearch => ({
    view: caseViews.includes(search.view as CaseView) ? (search.view as CaseView) : undefined,
    kind: text(search.kind),
    level: text(search.level),
    category: text(search.category),
    team: text(search.team),
    agent: text(search.agent),
    source: text(search.source),
    number: text(search.number),
    tag: word(search.tag),
    priority: whole(search.priority),
    q: word(search.q),
    saved: text(search.saved),
  }),
  component: lazyRouteComponent(() => import("./case/CasesPage")),
});

export const handInRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/cases/new",
  validateSearch: (search): { contact?: string; conversation?: string; source?: "phone" } => ({ contact: text(search.contact), conversation: text(search.conversation), source: search.source === "phone" ? "phone" : undefined }),
  component: lazyRouteComponent(() => import("./case/HandInPage")),
});

export const caseRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/cases/$id",
  component: lazyRouteComponent(() => import("./case/CasePage")),
});

export const asideRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/mails/aside/{-$id}",
  component: lazyRouteComponent(() => import("./mail/AsidePage")),
});

const approvalsRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/approvals",
  component: lazyRouteComponent(() => import("./reward/ApprovalsPage")),
});

const ledgerRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/ledger",
  component: lazyRouteComponent(() => import("./reward/LedgerPage")),
});

const promisesRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/promises",
  component: lazyRouteComponent(() => import("./promise/PromisesPage")),
});

export interface CallsSearch {
  direction?: "inbound" | "outbound";
  reason?: string;
  agent?: string;
  from?: string;
  to?: string;
  recorded?: true;
  rated?: "any" | "keys" | "link";
  q?: string;
  /** The call that is looked at. */
  id?: string;
}

export const callsRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/calls",
  validateSearch: (search): CallsSearch => ({
    direction: search.direction === "inbound" || search.direction === "outbound" ? search.direction : undefined,
    reason: text(search.reason),
    agent: text(search.agent),
    from: text(search.from),
    to: text(search.to),
    recorded: search.recorded === true ? true : undefined,
    rated: search.rated === "any" || search.rated === "keys" || search.rated === "link" ? search.rated : undefined,
    q: word(search.q),
    id: text(search.id),
  }),
  component: lazyRouteComponent(() => import("./calls/CallsPage")),
});

const callbacksRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/calls/back",
  component: lazyRouteComponent(() => import("./calls/CallbacksPage")),
});

const wallboardRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/wallboard",
  component: lazyRouteComponent(() => import("./wallboard/WallboardPage")),
});

const wallRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/wall",
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import("./wallboard/WallPage")),
});

export interface ReportsSearch {
  part?: ReportPart;
  span?: SpanChoice;
  from?: string;
  to?: string;
}

export const reportsRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/reports",
  validateSearch: (search): ReportsSearch => ({
    part: reportParts.includes(search.part as ReportPart) ? (search.part as ReportPart) : undefined,
    span: spans.includes(search.span as SpanChoice) ? (search.span as SpanChoice) : undefined,
    from: isDay(search.from) ? search.from : undefined,
    to: isDay(search.to) ? search.to : undefined,
  }),
  component: lazyRouteComponent(() => import("./report/ReportsPage")),
});

export const rosterRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/roster/{-$tab}",
  validateSearch: (search): { day?: string; team?: string } => ({ day: isDay(search.day) ? search.day : undefined, team: text(search.team) }),
  component: lazyRouteComponent(() => import("./roster/RosterPage")),
});

const knowledgeRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/knowledge/{-$section}/{-$id}",
  component: lazyRouteComponent(() => import("./knowledge/KnowledgePage")),
});

const menuRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/menus/$id",
  component: lazyRouteComponent(() => import("./menu/MenuPage")),
});

const settingsRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: "/settings/{-$section}",
  component: lazyRouteComponent(() => import("./settings/SettingsPage")),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  setupRoute,
  wallRoute,
  signedRoute.addChildren([homeRoute, inboxHomeRoute, inboxRoute, searchRoute, contactsRoute, duplicatesRoute, importRoute, blocksRoute, contactRoute, casesRoute, handInRoute, caseRoute, asideRoute, callsRoute, callbacksRoute, promisesRoute, wallboardRoute, approvalsRoute, ledgerRoute, reportsRoute, rosterRoute, knowledgeRoute, menuRoute, settingsRoute]),
]);

export const router = createRouter({
  routeTree,
  basepath: "/app",
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingComponent: LoadingPage,
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** The session is over: to the sign-in page, and back here afterwards. */
export function leaveForSignIn(): void {
  const here = router.state.location;
  if (here.pathname === "/sign-in" || here.pathname.startsWith("/setup/")) return;
  void router.navigate({ to: "/sign-in", search: { to: here.href, expired: true }, replace: true }).then(() => queryClient.clear());
}
