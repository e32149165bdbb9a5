import { roster, type SwapAct, type SwapDetail, type SwapSide } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, Field, Pill, Table, Textarea, type Column, type Tone } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { fullTime } from "../time";
import { longDay } from "./days";
import { rosterKeys } from "./queries";

const tones: Record<string, Tone> = { asked: "warn", agreed: "warn", approved: "ok", declined: "bad", refused: "bad" };

/** Swaps: one's own, and what waits for who makes the roster. */
export function SwapsTab() {
  const { t } = useTranslation();
  const swaps = useQuery({ queryKey: rosterKeys.swaps, queryFn: roster.swaps, refetchOnMount: "always" });
  const [asking, setAsking] = useState<{ swap: SwapDetail; act: SwapAct }>();
  const [reply, setReply] = useState("");
  const act = useChange(({ swap, act: what }: { swap: SwapDetail; act: SwapAct }) => roster.actSwap(swap.id, what, reply || undefined), { stale: [rosterKeys.all], done: t("roster.swap.done") });
  const columns: Column<SwapDetail>[] = [
    { key: "from", header: t("roster.swap.from"), cell: (swap) => <Shift side={swap.from} /> },
    { key: "to", header: t("roster.swap.to"), cell: (swap) => <Shift side={swap.to} /> },
    { key: "note", header: t("roster.swap.note"), wide: true, cell: (swap) => <span className="line-clamp-2 text-mut">{[swap.note, swap.reply].filter(Boolean).join(" · ")}</span> },
    { key: "state", header: t("roster.swap.state"), cell: (swap) => <Pill tone={tones[swap.state] ?? "plain"}>{t(`roster.swap.states.${swap.state as "asked"}`)}</Pill> },
    { key: "at", header: t("roster.swap.at"), wide: true, cell: (swap) => <time dateTime={swap.at} className="whitespace-nowrap text-mut">{fullTime(swap.at)}</time> },
  ];
  return (
    <>
      <Loaded query={swaps}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState icon={<ArrowLeftRight size={20} />} title={t("roster.swap.empty")} detail={t("roster.swap.empty_hint")} />
          ) : (
            <Table
              label={t("roster.tabs.swaps")}
              columns={columns}
              rows={page.items}
              rowKey={(swap) => swap.id}
              rowActions={(swap) =>
                (swap.may as SwapAct[]).map((what) => (
                  <Button key={what} variant={what === "approve" || what === "agree" ? "primary" : "default"} onClick={() => setAsking({ swap, act: what })}>
                    {t(`roster.swap.act.${what}`)}
                  </Button>
                ))
              }
            />
          )
        }
      </Loaded>
      <ConfirmDialog
        open={asking !== undefined}
        onOpenChange={() => {
          setAsking(undefined);
          setReply("");
        }}
        title={asking ? t(`roster.swap.act.${asking.act}`) : ""}
        description={asking ? `${side(asking.swap.from)} ⇄ ${side(asking.swap.to)}` : ""}
        confirmLabel={asking ? t(`roster.swap.act.${asking.act}`) : ""}
        danger={asking?.act === "refuse" || asking?.act === "decline"}
        onConfirm={() => asking && act.mutateAsync(asking)}
      >
        <Field label={t("roster.swap.why")}>
          <Textarea value={reply} maxLength={200} minRows={2} onChange={(event) => setReply(event.target.value)} />
        </Field>
      </ConfirmDialog>
    </>
  );
}

const side = (each: SwapSide): string => [each.name, each.day && longDay(each.day), each.shift, each.hours].filter(Boolean).join(" ");

function Shift({ side: each }: { side: SwapSide }) {
  return (
    <span className="block min-w-32">
      <span className="block font-medium">{each.name}</span>
      <span className="num block text-xs text-mut">{each.day ? `${longDay(each.day)} ${each.shift ?? ""} ${each.hours ?? ""}` : "—"}</span>
    </span>
  );
}
