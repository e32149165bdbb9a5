import type { ConversationState } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Pill, type Tone } from "@yingda/ui";

const tones: Record<ConversationState, Tone> = { bot: "ai", queued: "warn", active: "ok", wrap_up: "plain", closed: "plain" };

/** Where a conversation stands, in the colour of who has it. */
export function StatePill({ state }: { state: ConversationState }) {
  const { t } = useTranslation();
  return <Pill tone={tones[state]}>{t(`inbox.state.${state}`)}</Pill>;
}
