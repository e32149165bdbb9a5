import { mails, type MailHeader, type Message } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { buttonClass, Dialog, Segmented } from "@yingda/ui";
import { Download } from "lucide-react";
import { useState } from "react";
import { fileSize } from "../conversation/Attachments";
import { RichText } from "../conversation/RichText";
import { Loaded } from "../form/failure";
import { MailFrame } from "./MailFrame";
import { useOriginal } from "./writing";

type Part = "text" | "page" | "headers";

/** A mail as it came: its whole text, its formatted text, its headers, its file. */
export default function OriginalDialog({ message: m, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation();
  const original = useOriginal(m.id, true);
  const [part, setPart] = useState<Part>("text");
  const parts: Part[] = original.data?.html ? ["text", "page", "headers"] : ["text", "headers"];
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && onClose()}
      title={m.mail?.subject || t("mail.original.title")}
      description={original.data ? t("mail.original.description", { size: fileSize(original.data.size) }) : undefined}
      footer={
        <a href={mails.raw(m.id)} download className={buttonClass()}>
          <Download size={14} aria-hidden="true" />
          {t("mail.original.download")}
        </a>
      }
    >
      <Segmented<Part> className="mb-3" label={t("mail.original.parts")} value={part} onChange={setPart} choices={parts.map((value) => ({ value, label: t(`mail.original.${value}`) }))} />
      <Loaded query={original}>
        {(o) => (
          <>
            {part === "text" && (o.text ? <RichText text={o.text} /> : <p className="text-sm text-mut">{t("mail.original.empty")}</p>)}
            {part === "page" && <MailFrame message={m.id} />}
            {part === "headers" && <Headers headers={o.headers} />}
            {o.notes.length > 0 && (
              <div className="mt-4 text-xs text-mut">
                <h3 className="font-medium">{t("mail.original.notes")}</h3>
                <p>{t("mail.notes.hint")}</p>
                <ul className="mt-1 list-disc pl-5 font-mono">
                  {o.notes.map((note) => (
                    <li key={note}>{note}</li>
                  ))}
                </ul>
              </div>
            )}
            <p className="num mt-3 text-2xs wrap-anywhere text-faint">
              {t("mail.sha256")} {o.sha256}
            </p>
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

export function Headers({ headers }: { headers: MailHeader[] }) {
  const { t } = useTranslation();
  return (
    <table className="w-full table-fixed text-left text-xs">
      <thead>
        <tr className="text-faint">
          <th scope="col" className="w-44 py-1 font-medium">
            {t("mail.original.name")}
          </th>
          <th scope="col" className="py-1 font-medium">
            {t("mail.original.value")}
          </th>
        </tr>
      </thead>
      <tbody>
        {headers.map((h, i) => (
          <tr key={i} className="border-t align-top">
            <td className="py-1 pr-2 font-medium wrap-anywhere">{h.name}</td>
            <td className="py-1 font-mono wrap-anywhere whitespace-pre-wrap text-mut">{h.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
