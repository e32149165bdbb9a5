import { api, type Contact, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { IconButton, Input, isComposing } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useChange } from "../form/failure";
import { can, keys, useMe } from "../query";
import { patchContact } from "./patch";

/** The tags of a customer; a click finds who else has one. */
export function ContactTags({ contact, conversation }: { contact: Contact; conversation?: ID }) {
  const { t } = useTranslation();
  const me = useMe();
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState("");
  const tags = contact.tags ?? [];
  const save = useChange((next: string[]) => api.contacts.change(contact.id, { tags: next }), {
    stale: [keys.people("tags")],
    onDone(changed) {
      patchContact(changed, conversation);
      setText("");
      setAdding(false);
    },
  });
  const edits = can(me, "contact.edit");
  if (tags.length === 0 && !edits) return null;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-1" role="group" aria-label={t("contact.tags.title")}>
      {tags.map((tag) => (
        <span key={tag} className="inline-flex h-6 items-center rounded-[5px] bg-line2 pl-1.5 text-xs text-fg">
          <Link to="/contacts" search={{ tag }} className="hover:text-brand-ink hover:underline">
            {tag}
          </Link>
          {edits && (
            <button type="button" aria-label={t("contact.tags.remove", { tag })} disabled={save.isPending} onClick={() => save.mutate(tags.filter((each) => each !== tag))} className="grid size-6 place-items-center rounded text-mut hover:text-fg">
              <X size={11} aria-hidden="true" />
            </button>
          )}
        </span>
      ))}
      {edits && !adding && <IconButton size="sm" label={t("contact.tags.add")} icon={<Plus size={13} />} onClick={() => setAdding(true)} />}
      {adding && (
        <form
          className="flex items-center"
          onSubmit={(e) => {
            e.preventDefault();
            if (text.trim() && !save.isPending) save.mutate([...tags, text.trim()]);
          }}
        >
          <Input
            autoFocus
            className="w-32"
            aria-label={t("contact.tags.add")}
            maxLength={80}
            value={text}
            onChange={(e) => setText(e.target.value)}
            onKeyDown={(e) => e.key === "Escape" && !isComposing(e) && setAdding(false)}
          />
        </form>
      )}
    </div>
  );
}
