import { useTranslation } from "@yingda/i18n";
import { Outlet, useLocation, useMatches, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useExternal } from "../external";
import { onOpen } from "../live/alert";
import { startFeed } from "../live/feed";
import { beginSequence, endSequence, useKeys } from "../live/keys";
import { openOutbox } from "../live/outbox";
import { can, useMe } from "../query";
import { leaveForSignIn, views } from "../router";
import { CallBar } from "../softphone/CallBar";
import { asking } from "../verification/held";
import { ConnectionBanner } from "./ConnectionBanner";
import { OfferBar } from "./OfferBar";
import { NoticeToasts } from "./notices";
import { Rail } from "./Rail";
import { ShellContext } from "./context";

const Palette = lazy(() => import("./Palette"));
const WizardDialog = lazy(() => import("../verification/WizardDialog"));
const Shortcuts = lazy(() => import("./Shortcuts"));

/** What stands around every page once someone is signed in. */
export default function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const router = useRouter();
  const [palette, setPalette] = useState(false);
  const [shortcuts, setShortcuts] = useState(false);
  const verifying = useExternal(asking, (a) => a !== undefined);

  useEffect(() => {
    onOpen((path) => void router.navigate({ href: path }));
    openOutbox(me.id);
    return startFeed(leaveForSignIn);
  }, [me.id, router]);

  function go(to: "/inbox/$view/{-$id}" | "/cases" | "/promises" | "/wallboard" | "/contacts" | "/knowledge/{-$section}/{-$id}" | "/settings/{-$section}") {
    return () => {
      endSequence();
      void router.navigate({ to, params: to === "/inbox/$view/{-$id}" ? { view: "mine" } : {} });
    };
  }

  useKeys({
    "Ctrl k": () => setPalette((open) => !open),
    "?": () => setShortcuts(true),
    "/": () => void router.navigate({ to: "/search" }),
    g: () => beginSequence("g"),
    "g i": go("/inbox/$view/{-$id}"),
    "g t": go("/cases"),
    "g p": go("/promises"),
    "g w": () => (can(me, "conversation.monitor") ? go("/wallboard")() : false),
    "g c": go("/contacts"),
    "g k": go("/knowledge/{-$section}/{-$id}"),
    "g s": go("/settings/{-$section}"),
    ...Object.fromEntries(views.map((view, i) => [`Alt ${i + 1}`, () => void router.navigate({ to: "/inbox/$view/{-$id}", params: { view, id: undefined } })])),
  });

  // On a narrow screen an open conversation has the whole height for itself.
  const insideConversation = useMatches({ select: (matches) => matches.some((m) => m.routeId === "/signed/inbox/$view/{-$id}" && Boolean((m.params as { id?: string }).id)) });
  const path = useLocation({ select: (l) => l.pathname });
  useEffect(() => {
    document.title = t("common.product");
  }, [path, t]);

  return (
    <ShellContext.Provider value={{ openPalette: () => setPalette(true), openShortcuts: () => setShortcuts(true) }}>
      <div className="flex h-full overflow-hidden max-md:flex-col-reverse">
        <a href="#content" className="sr-only z-70 rounded-md bg-panel px-3 py-2 text-sm shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
          {t("common.skip_to_content")}
        </a>
        <Rail hiddenOnPhone={insideConversation} />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <ConnectionBanner />
          <OfferBar />
          <CallBar />
          <NoticeToasts />
          <div id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 outline-none">
            <Outlet />
          </div>
        </div>
      </div>
      <Suspense>
        {palette && <Palette onClose={() => setPalette(false)} onShortcuts={() => setShortcuts(true)} />}
        {verifying && <WizardDialog />}
        {shortcuts && <Shortcuts onClose={() => setShortcuts(false)} />}
      </Suspense>
    </ShellContext.Provider>
  );
}
