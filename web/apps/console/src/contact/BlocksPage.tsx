import { people, type Block, type BlockKind } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, EmptyState, Field, Input, LoadMore, Segmented, Select, SkeletonRows, Table, Textarea, type Column } from "@yingda/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, Plus } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Failure, fieldErrors, useChange } from "../form/failure";
import { keys } from "../query";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { fullTime } from "../time";
import { BackToContacts } from "./BackToContacts";
import { terms, until, type Term } from "./blocking";

type Typed = Exclude<BlockKind, "contact">;

/** Who is blocked, why, by whom, until when; and who was. */
export default function BlocksPage() {
  return (
    <Allowed to={["contact.block"]}>
      <Blocks />
    </Allowed>
  );
}

function Blocks() {
  const { t } = useTranslation();
  const [when, setWhen] = useState<"now" | "past">("now");
  const [adding, setAdding] = useState(false);
  const [lifting, setLifting] = useState<Block>();
  const list = useInfiniteQuery({
    queryKey: [...keys.people("blocks"), when],
    queryFn: ({ pageParam }) => people.blocks(when === "past", undefined, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<Block>[] = [
    {
      key: "who",
      header: t("contact.blocks.who"),
      cell: (b) => (
        <span className="flex min-w-0 flex-col">
          {b.contact_id ? (
            <Link to="/contacts/$id" params={{ id: b.contact_id }} className="truncate font-medium hover:text-brand-ink hover:underline">
              {b.shown}
            </Link>
          ) : (
            <span className="num truncate font-medium">{b.shown}</span>
          )}
          <span className="text-2xs text-faint">{t(`contact.blocks.kinds.${b.kind}`)}</span>
        </span>
      ),
    },
    { key: "reason", header: t("contact.block.reason"), cell: (b) => <span className="break-words">{b.reason}</span> },
    {
      key: "by",
      header: t("contact.blocks.by"),
      wide: true,
      cell: (b) => (
        <span className="flex flex-col">
          {b.by_name || "—"}
          <time dateTime={b.at} className="num text-2xs text-faint">
            {fullTime(b.at)}
          </time>
        </span>
      ),
    },
    {
      key: "until",
      header: t(when === "now" ? "contact.block.until" : "contact.blocks.ended"),
      cell: (b) => (b.lifted_at ? <span title={b.lifted_why}>{t("contact.blocks.lifted", { name: b.lifted_by || "—", at: fullTime(b.lifted_at) })}</span> : b.until ? <span className="num">{fullTime(b.until)}</span> : t("contact.block.terms.ever")),
    },
  ];
  const add = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setAdding(true)}>
      {t("contact.blocks.add")}
    </Button>
  );
  return (
    <Page title={t("contact.blocks.title")} description={t("contact.blocks.about")} before={<BackToContacts />} actions={add}>
      <Segmented<"now" | "past"> className="mb-4" label={t("contact.blocks.which")} value={when} onChange={setWhen} choices={(["now", "past"] as const).map((value) => ({ value, label: t(`contact.blocks.${value}`) }))} />
      {list.isPending && <SkeletonRows rows={5} />}
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <EmptyState icon={<Ban size={20} />} title={t(`contact.blocks.empty_${when}`)} />}
      {rows.length > 0 && (
        <Table
          label={t("contact.blocks.title")}
          columns={columns}
          rows={rows}
          rowKey={(b) => b.id}
          rowActions={
            when === "now"
              ? (b) => (
                  <Button size="sm" onClick={() => setLifting(b)}>
                    {t("contact.block.undo")}
                  </Button>
                )
              : undefined
          }
        />
      )}
      <LoadMore more={list.hasNextPage} loading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
      {adding && <AddBlock onClose={() => setAdding(false)} />}
      {lifting && <LiftBlock block={lifting} onClose={() => setLifting(undefined)} />}
    </Page>
  );
}

function AddBlock({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { draft, dirty, set } = useDraft<{ kind: Typed; value: string; reason: string; term: Term }>({ kind: "phone", value: "", reason: "", term: "ever" });
  const save = useChange(() => people.block({ kind: draft.kind, value: draft.value.trim(), reason: draft.reason.trim(), until: until(draft.term) }), {
    stale: [["people"], ["contacts"], ["contact"]],
    done: t("contact.saved"),
    onDone: onClose,
    quiet: true,
  });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer title={t("contact.blocks.add")} description={t("contact.blocks.add_hint")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("contact.blocks.kind")}>
        <Segmented<Typed> value={draft.kind} onChange={(kind) => set({ kind })} choices={(["phone", "email", "network"] as const).map((value) => ({ value, label: t(`contact.blocks.kinds.${value}`) }))} />
      </Field>
      <Field label={t(`contact.blocks.kinds.${draft.kind}`)} error={errors["value"]} hint={draft.kind === "network" ? t("contact.blocks.network_hint") : undefined} required>
        <Input value={draft.value} onChange={(e) => set({ value: e.target.value })} />
      </Field>
      <Field label={t("contact.block.until")} error={errors["until"]}>
        <Select<Term> value={draft.term} onChange={(term) => set({ term })} options={terms.map((value) => ({ value, label: t(`contact.block.terms.${value}`) }))} />
      </Field>
      <Field label={t("contact.block.reason")} error={errors["reason"]} required>
        <Textarea minRows={2} maxLength={200} value={draft.reason} onChange={(e) => set({ reason: e.target.value })} />
      </Field>
    </FormDrawer>
  );
}

function LiftBlock({ block, onClose }: { block: Block; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const save = useChange(() => people.lift(block.id, reason.trim()), { stale: [["people"], ["contacts"], ["contact"]], done: t("contact.saved"), onDone: onClose });
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t("contact.block.undo_title", { name: block.shown })}
      description={t("contact.block.undo_hint")}
      onSubmit={() => !save.isPending && save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={save.isPending}>
            {t("contact.block.undo")}
          </Button>
        </>
      }
    >
      <Field label={t("contact.block.reason")} required error={fieldErrors(save.error)["reason"]}>
        <Textarea minRows={2} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </Dialog>
  );
}
