import { contactImports, type ContactImport, type ImportCheck, type ImportLeft, type OnDuplicate } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, buttonClass, EmptyState, Field, Input, LoadMore, Pill, RadioGroup, Section, Select, SkeletonRows, Table, type Column, type Tone } from "@yingda/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download, FileSpreadsheet, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { Failure, fieldErrors, Loaded, useChange } from "../form/failure";
import { problem } from "../problem";
import { can, keys, useMe } from "../query";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { fullTime } from "../time";
import { BackToContacts } from "./BackToContacts";
import { useFieldName, useFields } from "./people";

const tones: Record<ContactImport["state"], Tone> = { draft: "plain", running: "brand", asking: "warn", done: "ok", cancelled: "plain" };

/** Takes in tables of customers: upload, match the columns, look at what is wrong, begin. */
export default function ImportPage() {
  return (
    <Allowed to={["contact.import"]}>
      <Imports />
    </Allowed>
  );
}

function Imports() {
  const { t } = useTranslation();
  const chosen = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<{ import: ContactImport; sample: string[][] }>();
  const upload = useChange((file: File) => contactImports.upload(file), { stale: [keys.people("imports")], onDone: setDraft });
  return (
    <Page title={t("contact.import.title")} description={t("contact.import.about")} before={<BackToContacts />}>
      {draft ? (
        <Match key={draft.import.id} draft={draft.import} sample={draft.sample} onDone={() => setDraft(undefined)} />
      ) : (
        <Section title={t("contact.import.choose")} description={t("contact.import.choose_hint")}>
          <input
            ref={chosen}
            type="file"
            accept=".csv,.txt,.tsv,text/csv"
            className="sr-only"
            aria-label={t("contact.import.file")}
            onChange={(e) => {
              const file = e.target.files?.[0];
              e.target.value = "";
              if (file) upload.mutate(file);
            }}
          />
          <Button variant="primary" icon={<Upload size={15} aria-hidden="true" />} loading={upload.isPending} onClick={() => chosen.current?.click()}>
            {t("contact.import.file")}
          </Button>
        </Section>
      )}
      <Earlier />
      <Export />
    </Page>
  );
}

function Match({ draft, sample, onDone }: { draft: ContactImport; sample: string[][]; onDone: () => void }) {
  const { t } = useTranslation();
  const fields = useFields().data?.items ?? [];
  const named = useFieldName();
  const [map, setMap] = useState(draft.map);
  const [on, setOn] = useState<OnDuplicate>("skip");
  const [found, setFound] = useState<ImportCheck>();
  const check = useChange(() => contactImports.match(draft.id, map, on), { quiet: true, onDone: setFound });
  const start = useChange(() => contactImports.start(draft.id), { stale: [keys.people("imports")], done: t("contact.import.begun"), onDone });
  const errors = fieldErrors(check.error);
  const options = [
    { value: "", label: t("contact.import.nothing") },
    ...(["name", "phone", "email", "external_id", "language"] as const).map((value) => ({ value: value as string, label: t(`contact.${value}`) })),
    { value: "tags", label: t("contact.tags.title") },
    { value: "note", label: t("contact.notes.title") },
    ...fields.map((field) => ({ value: `attribute.${field.code}`, label: named(field.code) })),
  ];
  return (
    <Section
      title={t("contact.import.match", { name: draft.name })}
      description={t("contact.import.read_as", { rows: draft.rows, encoding: draft.encoding.toUpperCase(), comma: draft.comma === "\t" ? "Tab" : draft.comma })}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {draft.columns.map((column, i) => (
          <Field key={i} label={column || t("contact.import.column", { n: i + 1 })} hint={sample.map((row) => row[i]).filter(Boolean).slice(0, 3).join(" · ") || undefined} error={errors[`map[${i}]`]}>
            <Select value={map[i] ?? ""} onChange={(to) => (setMap(map.map((each, at) => (at === i ? to : each))), setFound(undefined))} options={options} />
          </Field>
        ))}
      </div>
      <Field label={t("contact.import.duplicates")} className="mt-4" error={errors["on_duplicate"]}>
        <RadioGroup<OnDuplicate>
          value={on}
          onChange={(value) => (setOn(value), setFound(undefined))}
          choices={(["skip", "update", "ask"] as const).map((value) => ({ value, label: t(`contact.import.on.${value}`), hint: t(`contact.import.on_hint.${value}`) }))}
        />
      </Field>
      {check.error && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {problem(check.error).text}
        </p>
      )}
      {found && (
        <div className="mt-4" role="status">
          <p className="text-sm">{t("contact.import.found", { good: found.good, bad: found.bad })}</p>
          {found.faults.length > 0 && <Faults rows={found.faults} columns={draft.columns} />}
        </div>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onDone}>{t("common.cancel")}</Button>
        {found ? (
          <Button variant="primary" loading={start.isPending} disabled={found.good === 0} onClick={() => start.mutate()}>
            {t("contact.import.start", { n: found.good })}
          </Button>
        ) : (
          <Button variant="primary" loading={check.isPending} onClick={() => check.mutate()}>
            {t("contact.import.check")}
          </Button>
        )}
      </div>
    </Section>
  );
}

function Faults({ rows, columns }: { rows: ImportLeft[]; columns: string[] }) {
  const { t } = useTranslation();
  return (
    <ul aria-label={t("contact.import.faults")} className="mt-2 max-h-72 overflow-auto rounded-lg border text-xs" tabIndex={0}>
      {rows.map((row) => (
        <li key={row.line} className="flex gap-3 border-b px-3 py-1.5 last:border-b-0">
          <span className="num w-14 shrink-0 text-mut">{t("contact.import.line", { n: row.line })}</span>
          <span className="min-w-0">
            {row.outcome === "asked" && t("contact.import.known", { name: row.known_name })}
            {row.faults.map((f) => (
              <span key={`${f.column} ${f.code}`} className="block break-words">
                {f.column >= 0 && (
                  <>
                    <b className="font-medium">{columns[f.column]}</b> <q className="text-mut">{row.cells?.[f.column]}</q>{" "}
                  </>
                )}
                {f.message}
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Earlier() {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: keys.people("imports"),
    queryFn: ({ pageParam }) => contactImports.list(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.items.some(({ state }) => state === "running")) ? 1500 : false),
  });
  const stale = [keys.people("imports"), ["contacts"]];
  const cancel = useChange((im: ContactImport) => contactImports.cancel(im.id), { stale });
  const answer = useChange(({ id, on }: { id: string; on: "skip" | "update" }) => contactImports.answer(id, on), { stale });
  const [open, setOpen] = useState<string>();
  const rows = (list.data?.pages.flatMap((page) => page.items) ?? []).filter(({ state }) => state !== "draft");
  const columns: Column<ContactImport>[] = [
    {
      key: "name",
      header: t("contact.import.table"),
      cell: (im) => (
        <span className="flex flex-col">
          <span className="truncate font-medium">{im.name}</span>
          <span className="text-2xs text-faint">
            {im.by_name} · {fullTime(im.at)}
          </span>
        </span>
      ),
    },
    {
      key: "state",
      header: t("contact.import.state"),
      cell: (im) => (
        <span className="flex flex-col items-start gap-1">
          <Pill tone={tones[im.state]}>{t(`contact.import.states.${im.state}`)}</Pill>
          {im.state === "running" && <progress aria-label={t("contact.import.progress", { name: im.name })} className="h-1.5 w-28 accent-(--out)" value={im.looked} max={im.rows} />}
        </span>
      ),
    },
    { key: "counts", header: t("contact.import.counts"), cell: (im) => <span className="num text-xs">{t("contact.import.result", { ...im })}</span> },
  ];
  return (
    <Section title={t("contact.import.earlier")} description={t("contact.import.kept")}>
      {list.isPending && <SkeletonRows rows={3} />}
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <EmptyState icon={<FileSpreadsheet size={20} />} title={t("contact.import.none")} className="py-6" />}
      {rows.length > 0 && (
        <Table
          label={t("contact.import.earlier")}
          columns={columns}
          rows={rows}
          rowKey={(im) => im.id}
          rowActions={(im) => (
            <>
              {im.state === "asking" && (
                <>
                  <Button size="sm" onClick={() => answer.mutate({ id: im.id, on: "update" })}>
                    {t("contact.import.update_all", { n: im.asked })}
                  </Button>
                  <Button size="sm" onClick={() => answer.mutate({ id: im.id, on: "skip" })}>
                    {t("contact.import.skip_all", { n: im.asked })}
                  </Button>
                </>
              )}
              {im.state === "running" && (
                <Button size="sm" onClick={() => cancel.mutate(im)}>
                  {t("contact.import.cancel")}
                </Button>
              )}
              {im.lost_at && im.refused + im.asked > 0 && <span className="text-xs text-mut">{t("contact.import.lost")}</span>}
              {!im.lost_at && im.refused + im.asked > 0 && (
                <>
                  <Button size="sm" onClick={() => setOpen(open === im.id ? undefined : im.id)} aria-expanded={open === im.id}>
                    {t("contact.import.left")}
                  </Button>
                  <a className={buttonClass("default", "sm")} href={contactImports.leftAddress(im.id)} download>
                    <Download size={13} aria-hidden="true" />
                    CSV
                  </a>
                </>
              )}
            </>
          )}
        />
      )}
      {open && <Left id={open} columns={rows.find(({ id }) => id === open)?.columns ?? []} />}
      <LoadMore more={list.hasNextPage} loading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </Section>
  );
}

function Left({ id, columns }: { id: string; columns: string[] }) {
  const query = useQuery({ queryKey: keys.people("import-left", id), queryFn: () => contactImports.left(id) });
  return <Loaded query={query}>{({ items }) => <Faults rows={items} columns={columns} />}</Loaded>;
}

function Export() {
  const { t } = useTranslation();
  const me = useMe();
  const [reason, setReason] = useState("");
  return (
    <Section title={t("contact.import.export")} description={t("contact.import.export_hint")}>
      <div className="flex flex-wrap items-end gap-2">
        <a className={buttonClass()} href={contactImports.exportAddress()} download>
          <Download size={15} aria-hidden="true" />
          {t("contact.import.export_masked")}
        </a>
        {can(me, "contact.reveal") && (
          <>
            <Field label={t("contact.import.export_reason")} className="w-64">
              <Input value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} />
            </Field>
            {reason.trim().length > 1 ? (
              <a className={buttonClass()} href={contactImports.exportAddress(reason.trim())} download>
                <Download size={15} aria-hidden="true" />
                {t("contact.import.export_whole")}
              </a>
            ) : (
              <Button disabled icon={<Download size={15} aria-hidden="true" />}>
                {t("contact.import.export_whole")}
              </Button>
            )}
          </>
        )}
      </div>
    </Section>
  );
}
