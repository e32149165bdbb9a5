import type { MailPerson } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, isComposing } from "@yingda/ui";
import { TriangleAlert, X } from "lucide-react";
import { useId, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from "react";
import { added, isAddress, readPeople, written } from "./address";

interface AddressFieldProps {
  label: string;
  people: MailPerson[];
  onChange: (people: MailPerson[]) => void;
  /** At the end of the line: what adds further lines. */
  children?: ReactNode;
  autoFocus?: boolean;
}

/** A line of people, each a chip; what is typed becomes one with Enter, a comma or by leaving. */
export function AddressField({ label, people, onChange, children, autoFocus }: AddressFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const bad = people.filter((p) => !isAddress(p.address));

  function take(text = typed): boolean {
    const more = readPeople(text);
    setTyped("");
    if (more.length === 0) return false;
    onChange(added(people, more));
    return true;
  }

  function remove(at: number) {
    onChange(people.filter((_, i) => i !== at));
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (isComposing(event) || event.ctrlKey || event.metaKey) return;
    if ((event.key === "Enter" || event.key === "," || event.key === ";" || event.key === "，" || event.key === "；" || (event.key === " " && isAddress(typed.trim()))) && typed.trim()) {
      event.preventDefault();
      take();
      return;
    }
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Backspace" && typed === "" && people.length > 0) {
      event.preventDefault();
      remove(people.length - 1);
    }
  }

  function onPaste(event: ClipboardEvent) {
    const text = event.clipboardData.getData("text/plain");
    if (!/[,;，；\n<]|@\S+\s+\S+@/.test(text)) return;
    event.preventDefault();
    take(typed + text);
  }

  return (
    <div className="border-b border-line2 px-3.5 py-1">
      <div className="flex items-start gap-2">
        <label htmlFor={id} className="w-12 shrink-0 pt-1 text-xs text-mut">
          {label}
        </label>
        <ul aria-label={label} className="flex min-w-0 flex-1 flex-wrap items-center gap-1" onClick={(e) => e.target === e.currentTarget && input.current?.focus()}>
          {people.map((p, i) => {
            const wrong = !isAddress(p.address);
            return (
              <li key={p.address} title={written(p)} className={cn("flex h-6 max-w-full items-center gap-0.5 rounded-md pl-2 text-xs", wrong ? "bg-bad-soft text-bad ring-1 ring-bad" : "bg-line2")}>
                {wrong && <TriangleAlert size={12} className="shrink-0" aria-hidden="true" />}
                <span className="truncate">{p.name || p.address}</span>
                <button type="button" onClick={() => remove(i)} aria-label={t("mail.composer.remove_person", { name: p.name || p.address })} className={cn("grid size-6 shrink-0 place-items-center rounded", wrong ? "text-bad" : "text-mut hover:text-fg")}>
                  <X size={12} aria-hidden="true" />
                </button>
              </li>
            );
          })}
          <li className="min-w-32 flex-1">
            <input
              ref={input}
              id={id}
              type="text"
              inputMode="email"
              autoComplete="off"
              spellCheck={false}
              autoFocus={autoFocus}
              value={typed}
              placeholder={people.length === 0 ? t("mail.composer.people_placeholder") : undefined}
              aria-invalid={bad.length > 0 || undefined}
              aria-describedby={bad.length > 0 ? `${id}-bad` : undefined}
              onChange={(e) => setTyped(e.target.value)}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
              onBlur={() => take()}
              className="h-6 w-full min-w-0 bg-transparent text-sm outline-none"
            />
          </li>
        </ul>
        {children && <span className="flex shrink-0 items-center gap-0.5">{children}</span>}
      </div>
      {bad.length > 0 && (
        <p id={`${id}-bad`} role="alert" className="pt-0.5 pl-14 text-xs text-bad">
          {bad.map((p) => t("mail.composer.bad_address", { address: p.address })).join("；")}
        </p>
      )}
    </div>
  );
}
