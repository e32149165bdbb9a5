import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { trees, type TreeEntry, type TreeGuide } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, EmptyState, IconButton, Kbd, Pill, SkeletonRows } from "@yingda/ui";
import { ArrowLeft, ListTree, MessageSquareText, RotateCcw, StickyNote, UserRound, X } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Failure } from "../form/failure";
import { useKeys, type KeyMap } from "../live/keys";

interface GuidePanelProps {
  conversation?: string;
  /** Notes down what was gone through; undefined where that is not allowed. */
  onNote?: (text: string) => void;
  /** Tells the customer what to do next. */
  onTell?: (text: string) => void;
  onClose: () => void;
}

interface Walk {
  id: string;
  version: number;
  answers: { slot: string; option: string }[];
}

/** Leads through a troubleshooting tree beside the work: digits choose, Backspace goes back. */
export function GuidePanel({ conversation, onNote, onTell, onClose }: GuidePanelProps) {
  const { t } = useTranslation();
  const [walk, setWalk] = useState<Walk>();
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), [walk]);
  const back = () => setWalk(walk && (walk.answers.length > 0 ? { ...walk, answers: walk.answers.slice(0, -1) } : undefined));
  return (
    <section ref={box} tabIndex={-1} aria-label={t("aids.guide.title")} className="mx-4 mb-3 flex max-h-[46vh] shrink-0 flex-col rounded-xl border bg-panel shadow-[0_2px_8px_#0000000a] outline-none">
      <header className="flex items-center gap-2 border-b px-3 py-1.5">
        <ListTree size={15} className="text-mut" aria-hidden="true" />
        <h3 className="min-w-0 flex-1 truncate text-sm font-semibold">{t("aids.guide.title")}</h3>
        {walk && <IconButton size="sm" label={t("aids.guide.back")} keys="⌫" icon={<ArrowLeft size={15} />} onClick={back} />}
        {walk && walk.answers.length > 0 && <IconButton size="sm" label={t("aids.guide.again")} icon={<RotateCcw size={14} />} onClick={() => setWalk({ ...walk, answers: [] })} />}
        <IconButton size="sm" label={t("aids.guide.close")} icon={<X size={15} />} onClick={onClose} />
      </header>
      <div className="scroll min-h-0 overflow-y-auto px-3 py-2.5">
        {walk ? (
          <Steps walk={walk} onAnswer={(slot, option) => setWalk({ ...walk, answers: [...walk.answers, { slot, option }] })} onBack={back} onNote={onNote} onTell={onTell} onAgain={() => setWalk(undefined)} />
        ) : (
          <Choice conversation={conversation} onChoose={(tree) => setWalk({ id: tree.id, version: tree.version, answers: [] })} />
        )}
      </div>
    </section>
  );
}

/** The digits 1 to 9 for the first nine choices. */
function digits(n: number, choose: (i: number) => void): KeyMap {
  return Object.fromEntries(Array.from({ length: Math.min(n, 9) }, (_, i) => [String(i + 1), () => choose(i)]));
}

function Choice({ conversation, onChoose }: { conversation?: string; onChoose: (tree: TreeEntry) => void }) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const query = useQuery({ queryKey: ["trees", conversation ?? ""], queryFn: () => trees.list(conversation), staleTime: 10_000 });
  const items = query.data?.items ?? [];
  useKeys(digits(items.length, (i) => items[i] && onChoose(items[i])));
  if (query.isPending) return <SkeletonRows rows={3} />;
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
  if (items.length === 0) return <EmptyState icon={<ListTree size={18} />} title={t("aids.guide.empty")} detail={t("aids.guide.empty_hint")} className="py-3" />;
  return (
    <ol className="flex flex-col gap-1.5">
      {items.map((tree, i) => (
        <li key={tree.id}>
          <Option n={i + 1} onClick={() => onChoose(tree)}>
            {tree.name[lang]}
            {tree.suits && <Pill tone="ai">{t("aids.guide.suits")}</Pill>}
          </Option>
        </li>
      ))}
    </ol>
  );
}

function Option({ n, onClick, children }: { n: number; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} aria-keyshortcuts={n <= 9 ? String(n) : undefined} className="flex w-full items-center gap-2 rounded-lg border px-3 py-1.5 text-left text-sm hover:border-brand hover:bg-raise">
      {n <= 9 && <Kbd>{String(n)}</Kbd>}
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-2">{children}</span>
    </button>
  );
}

interface StepsProps {
  walk: Walk;
  onAnswer: (slot: string, option: string) => void;
  onBack: () => void;
  onAgain: () => void;
  onNote?: (text: string) => void;
  onTell?: (text: string) => void;
}

function Steps({ walk, onAnswer, onBack, onAgain, onNote, onTell }: StepsProps) {
  const query = useQuery({ queryKey: ["trees", "walk", walk.id, walk.version, walk.answers], queryFn: () => trees.walk(walk.id, walk.version, walk.answers), placeholderData: keepPreviousData, staleTime: 60_000, retry: false });
  const g = query.data;
  const ready = g && !query.isPlaceholderData ? g : undefined;
  useKeys({
    ...digits(ready?.options.length ?? 0, (i) => ready?.slot && ready.options[i] && onAnswer(ready.slot, ready.options[i].id)),
    Backspace: onBack,
  });
  if (query.isError) return <Failure error={query.error} onRetry={onAgain} retrying={false} />;
  if (!g) return <SkeletonRows rows={3} />;
  return <Shown guide={g} onAnswer={onAnswer} onNote={onNote} onTell={onTell} />;
}

function Shown({ guide: g, onAnswer, onNote, onTell }: { guide: TreeGuide } & Pick<StepsProps, "onAnswer" | "onNote" | "onTell">) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  return (
    <div className="flex flex-col gap-2.5 text-sm">
      <h4 className="text-xs font-medium text-mut">{g.name[lang]}</h4>
      {g.passed.length > 0 && (
        <ol className="flex flex-col gap-0.5 text-xs text-mut">
          {g.passed.map((p) => (
            <li key={p.slot}>
              {p.question[lang]} <span className="font-medium text-fg">{p.answer[lang]}</span>
            </li>
          ))}
        </ol>
      )}
      <div aria-live="polite" className="flex flex-col gap-2">
        {g.says.map((say) => (
          <p key={say.en} className="rounded-lg bg-brand-soft px-3 py-2 text-brand-ink">
            {say[lang]}
          </p>
        ))}
        {g.ends ? (
          <div className={g.person ? "rounded-lg bg-warn-soft px-3 py-2" : "rounded-lg bg-ok-soft px-3 py-2"}>
            <p className="flex items-center gap-2 text-xs font-medium">
              {t("aids.guide.outcome")}
              {g.person && (
                <Pill tone="warn" icon={<UserRound size={11} aria-hidden="true" />}>
                  {t("aids.guide.person")}
                </Pill>
              )}
            </p>
            <p className="mt-0.5">{g.outcome?.[lang]}</p>
          </div>
        ) : (
          <p className="font-medium">{g.question?.[lang]}</p>
        )}
      </div>
      {!g.ends && (
        <ol className="flex flex-col gap-1.5">
          {g.options.map((o, i) => (
            <li key={o.id}>
              <Option n={i + 1} onClick={() => g.slot && onAnswer(g.slot, o.id)}>
                {o.name[lang]}
              </Option>
            </li>
          ))}
        </ol>
      )}
      <div className="flex flex-wrap gap-2 border-t pt-2.5">
        {onNote && g.passed.length > 0 && (
          <Button size="sm" icon={<StickyNote size={13} aria-hidden="true" />} onClick={() => onNote(g.note[lang])}>
            {t("aids.guide.note")}
          </Button>
        )}
        {onTell && (
          <Button size="sm" icon={<MessageSquareText size={13} aria-hidden="true" />} onClick={() => onTell(g.tell[lang])}>
            {t("aids.guide.tell")}
          </Button>
        )}
      </div>
    </div>
  );
}
