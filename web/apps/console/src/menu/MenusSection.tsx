import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { menus, ownVersion, type MenuStanding } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Input, PageHeader, Pill, Select } from "@yingda/ui";
import { Plus } from "lucide-react";
import { useState } from "react";
import { asID } from "../edited/edit";
import { useVersionName } from "../edited/VersionsPanel";
import { Loaded, useChange } from "../form/failure";
import { ago, useNow } from "../time";
import { copyAs } from "./edit";
import { menuKeys } from "./keys";

/** The menus of the hotline: those that come with the program, and the company's own. */
export default function MenusSection() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: menuKeys.list, queryFn: menus.list });
  return (
    <>
      <PageHeader
        title={t("settings.sections.menus")}
        description={t("menu.about")}
        actions={
          <Button variant="primary" icon={<Plus size={14} />} onClick={() => setAdding(true)}>
            {t("menu.add")}
          </Button>
        }
      />
      <Loaded query={query}>
        {({ items }) => (
          <>
            <ul className="overflow-hidden rounded-xl border bg-panel">
              {items.map((each) => (
                <li key={each.id} className="border-b last:border-b-0">
                  <MenuRow standing={each} />
                </li>
              ))}
            </ul>
            {adding && <AddDialog all={items} onClose={() => setAdding(false)} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function MenuRow({ standing }: { standing: MenuStanding }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const named = useVersionName();
  return (
    <Link to="/menus/$id" params={{ id: standing.id }} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-raise">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{standing.name[currentLanguage()] || standing.id}</span>
        <span className="num block truncate text-2xs text-mut">
          {standing.id} · {t("menu.counts", { nodes: standing.nodes, queues: standing.queues.length })}
        </span>
      </span>
      {standing.draft && <Pill tone="warn">{t("flow.draft_by", { name: standing.draft_by, time: standing.draft_at ? ago(standing.draft_at, now) : "" })}</Pill>}
      {standing.lines.length > 0 && <Pill tone="ok">{t("menu.heard_by", { names: standing.lines.join("、") })}</Pill>}
      <Pill tone={standing.version > ownVersion ? "brand" : "plain"}>{named(standing.version)}</Pill>
    </Link>
  );
}

/** Begins a menu of the company's own as a copy of another. */
function AddDialog({ all, onClose }: { all: readonly MenuStanding[]; onClose: () => void }) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const navigate = useNavigate();
  const [from, setFrom] = useState(all[0]?.id ?? "hotline");
  const [zh, setZh] = useState("");
  const [en, setEn] = useState("");
  const [typed, setTyped] = useState<string>();
  const id = typed ?? asID(en.trim());
  const wrong = all.some((each) => each.id === id) ? t("flow.id_taken") : undefined;
  const ready = Boolean(zh.trim() && en.trim() && id && !wrong);
  const add = useChange(
    async () => {
      const { changing, published } = await menus.get(from);
      return menus.draft(id, 0, copyAs((published ?? changing)!, id, { zh: zh.trim(), en: en.trim() }));
    },
    { stale: [menuKeys.all], onDone: () => void navigate({ to: "/menus/$id", params: { id } }) },
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("menu.add")}
      description={t("menu.add_hint")}
      onSubmit={() => ready && add.mutate()}
      footer={
        <Button type="submit" variant="primary" loading={add.isPending} disabled={!ready}>
          {t("flow.begin")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("menu.copy_of")}>
          <Select options={all.map((each) => ({ value: each.id, label: each.name[lang] || each.id }))} value={from} onChange={setFrom} />
        </Field>
        <Field label={t("flow.name")} aside={t("common.language.zh")} required>
          <Input lang="zh-CN" maxLength={60} value={zh} onChange={(event) => setZh(event.target.value)} />
        </Field>
        <Field label={t("flow.name")} aside={t("common.language.en")} required>
          <Input lang="en" maxLength={60} value={en} onChange={(event) => setEn(event.target.value)} />
        </Field>
        <Field label={t("flow.id")} hint={t("menu.node.id_hint")} error={wrong} required>
          <Input className="num" spellCheck={false} value={id} onChange={(event) => setTyped(asID(event.target.value))} />
        </Field>
      </div>
    </Dialog>
  );
}
