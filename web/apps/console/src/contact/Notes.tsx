import { people, type ContactNote, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, IconButton, LoadMore, SkeletonRows, Textarea, cn } from "@yingda/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Pin, PinOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { Failure, useChange } from "../form/failure";
import { can, keys, useMe } from "../query";
import { load, save } from "../storage";
import { fullTime } from "../time";

/** What people noted on a customer. What is half written survives closing the page. */
export function Notes({ contact }: { contact: ID }) {
  const { t } = useTranslation();
  const me = useMe();
  const place = `note ${me.id} ${contact}`;
  const [text, setText] = useState(() => load<string>(place) ?? "");
  const stale = [keys.people("notes", contact)];
  const list = useInfiniteQuery({
    queryKey: keys.people("notes", contact),
    queryFn: ({ pageParam }) => people.notes(contact, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  function write(next: string) {
    setText(next);
    save(place, next || undefined);
  }
  const add = useChange((said: string) => people.addNote(contact, said, false), { stale, onDone: (_, said) => text.trim() === said && write("") });
  const pin = useChange((note: ContactNote) => people.changeNote(note.id, { pinned: !note.pinned }), { stale });
  const drop = useChange((note: ContactNote) => people.dropNote(note.id), { stale, done: t("contact.notes.dropped") });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const edits = can(me, "contact.edit");
  return (
    <div>
      {edits && (
        <form
          className="mb-2 flex flex-col items-end gap-1.5"
          onSubmit={(e) => {
            e.preventDefault();
            if (text.trim() && !add.isPending) add.mutate(text.trim());
          }}
        >
          <Textarea aria-label={t("contact.notes.add")} placeholder={t("contact.notes.placeholder")} minRows={1} maxLength={4000} value={text} onChange={(e) => write(e.target.value)} />
          {text.trim() && (
            <Button type="submit" size="sm" variant="primary" loading={add.isPending}>
              {t("contact.notes.add")}
            </Button>
          )}
        </form>
      )}
      {list.isPending && <SkeletonRows rows={2} />}
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <p className="text-xs text-faint">{t("contact.notes.empty")}</p>}
      <ul className="flex flex-col gap-1.5">
        {rows.map((note) => (
          <li key={note.id} className={cn("rounded-lg border px-2.5 py-1.5", note.pinned ? "border-note-line bg-note" : "bg-panel")}>
            <p className="text-xs break-words whitespace-pre-wrap">{note.text}</p>
            <div className="mt-0.5 flex items-center gap-1 text-2xs text-mut">
              <span className="min-w-0 truncate">
                {note.by_name && `${note.by_name} · `}
                <time dateTime={note.at} className="num">
                  {fullTime(note.at)}
                </time>
                {note.changed_at && ` · ${t("contact.notes.changed")}`}
              </span>
              {edits && (
                <span className="ml-auto flex shrink-0">
                  <IconButton size="sm" label={t(note.pinned ? "contact.notes.unpin" : "contact.notes.pin")} icon={note.pinned ? <PinOff size={12} /> : <Pin size={12} />} onClick={() => pin.mutate(note)} />
                  {(note.agent_id === me.id || can(me, "conversation.monitor")) && <IconButton size="sm" label={t("contact.notes.drop")} icon={<Trash2 size={12} />} onClick={() => drop.mutate(note)} />}
                </span>
              )}
            </div>
          </li>
        ))}
      </ul>
      <LoadMore more={list.hasNextPage} loading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </div>
  );
}
