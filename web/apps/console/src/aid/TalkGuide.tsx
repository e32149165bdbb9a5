import type { Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { useToast } from "@yingda/ui";
import { returned } from "../conversation/returned";
import { newClientId, send } from "../live/outbox";
import { GuidePanel } from "./GuidePanel";

/** The troubleshooting beside a conversation: a note is kept at once, a text for the customer goes into the reply first. */
export default function TalkGuide({ conversation: c, replies, onClose }: { conversation: Conversation; replies: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  return (
    <GuidePanel
      conversation={c.id}
      onNote={(text) => {
        send({ conversation_id: c.id, kind: "note", text, attachments: [], mentions: [] });
        toast({ text: t("aids.guide.noted"), tone: "ok" });
      }}
      onTell={
        replies
          ? (text) => {
              returned.set({ client_id: newClientId(), conversation_id: c.id, kind: "text", text, attachments: [], mentions: [], at: new Date().toISOString(), state: "waiting" });
              toast({ text: t("aids.guide.told") });
            }
          : undefined
      }
      onClose={onClose}
    />
  );
}
