import { people, type Helped, type ID, type Step } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, IconButton, Input, Pill, Select, type Tone } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { can, keys, useMe } from "../query";
import { dayName, fullTime } from "../time";

const tones: Record<Helped, Tone> = { no: "bad", partly: "warn", yes: "ok", unknown: "plain" };
const answers: Helped[] = ["unknown", "no", "partly", "yes"];

/** What was tried already, so that nobody asks for it again. It stands with the customer, whoever takes over. */
export function Steps({ contact, conversation }: { contact: ID; conversation?: ID }) {
  const { t } = useTranslation();
  const me = useMe();
  const [text, setText] = useState("");
  const [helped, setHelped] = useState<Helped>("unknown");
  const query = useQuery({ queryKey: keys.people("steps", contact), queryFn: () => people.steps(contact) });
  const stale = [keys.people("steps", contact)];
  const add = useChange((said: string) => people.addStep(contact, { text: said, helped, conversation_id: conversation }), {
    stale,
    onDone(_, said) {
      if (text.trim() !== said) return; // the next one is half written
      setText("");
      setHelped("unknown");
    },
  });
  const drop = useChange((step: Step) => people.dropStep(step.id), { stale });
  const edits = can(me, "contact.edit");
  return (
    <>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="mb-1.5 text-xs text-faint">{t("contact.steps.empty")}</p>
          ) : (
            <ul className="mb-1.5 flex flex-col">
              {items.map((step) => (
                <li key={step.id} className="flex min-h-7 items-center gap-2 text-xs">
                  <span className="min-w-0 flex-1 break-words" title={`${step.by_name} ${fullTime(step.at)}`}>
                    {step.text}
                  </span>
                  <time dateTime={step.at} className="num shrink-0 text-2xs text-faint">
                    {dayName(step.at)}
                  </time>
                  <Pill tone={tones[step.helped]}>{t(`contact.steps.helped.${step.helped}`)}</Pill>
                  {edits && <IconButton size="sm" label={t("contact.steps.drop", { step: step.text })} icon={<Trash2 size={12} />} onClick={() => drop.mutate(step)} />}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {edits && (
        <form
          className="flex flex-wrap items-center gap-1.5"
          onSubmit={(e) => {
            e.preventDefault();
            if (text.trim() && !add.isPending) add.mutate(text.trim());
          }}
        >
          <Input className="min-w-32 flex-1" aria-label={t("contact.steps.add")} placeholder={t("contact.steps.placeholder")} maxLength={500} value={text} onChange={(e) => setText(e.target.value)} />
          {text.trim() && (
            <>
              <Select<Helped> label={t("contact.steps.did_it_help")} className="w-24" value={helped} onChange={setHelped} options={answers.map((value) => ({ value, label: t(`contact.steps.helped.${value}`) }))} />
              <Button type="submit" size="sm" loading={add.isPending}>
                {t("common.add")}
              </Button>
            </>
          )}
        </form>
      )}
    </>
  );
}
