import type { CallView } from "@yingda/api";
import { lazy, Suspense, useEffect } from "react";
import { useExternal } from "../external";
import { useKeys } from "../live/keys";
import { can, useMe } from "../query";
import { actsOf, partIn, useMyCalls } from "./calls";
import { line, mute, want } from "./line";
import { useCallActs } from "./useCallActs";

const CallCard = lazy(() => import("./CallCard"));
const WrapUp = lazy(() => import("./WrapUp"));

/** The calls that one speaks in or hears, above every page. */
export function CallBar() {
  const me = useMe();
  const mine = useMyCalls();
  const spoken = mine.some((call) => !["listen", "asked"].includes(partIn(call, me.id) ?? ""));
  useEffect(() => {
    want("call", spoken);
    return () => want("call", false);
  }, [spoken]);
  return mine.map((call) => <OwnCall key={call.id} call={call} />);
}

function OwnCall({ call }: { call: CallView }) {
  const me = useMe();
  const acts = actsOf(call, me.id, false);
  const { run } = useCallActs(call);
  const muted = useExternal(line, (l) => l.muted);
  useKeys({
    "Alt a": () => (acts.includes("answer") ? run("answer") : false),
    "Alt m": () => mute(!muted),
    "Alt h": () => (acts.includes("hold") ? run("hold") : acts.includes("resume") ? run("resume") : false),
    "Alt x": () => (acts.includes("hangup") ? run("hangup") : acts.includes("leave") ? run("leave") : false),
  });
  return (
    <Suspense>
      <CallCard call={call} />
    </Suspense>
  );
}

/**
 * In a conversation by telephone: the call of somebody else, for who may listen; the own one stands above the page. `onSummary`: the summary of it is owed by whoever
 * looks.
 */
export function CallStrip({ call, onSummary }: { call: CallView | undefined; onSummary?: () => void }) {
  const me = useMe();
  const monitor = can(me, "conversation.monitor");
  if (call && onSummary && (call.state === "survey" || call.state === "wrap_up")) {
    return (
      <Suspense>
        <WrapUp call={call} onSummary={onSummary} />
      </Suspense>
    );
  }
  if (!call || partIn(call, me.id) || actsOf(call, me.id, monitor).length === 0) return null;
  return (
    <Suspense>
      <CallCard call={call} inside />
    </Suspense>
  );
}
