import type { Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Pill } from "@yingda/ui";
import { Globe, Mail, Phone, type LucideIcon } from "lucide-react";

const icons: Record<Conversation["channel"], LucideIcon> = { webchat: Globe, email: Mail, phone: Phone };

/** By which way a conversation came, on the picture of whom it is with. */
export function ChannelMark({ channel }: { channel: Conversation["channel"] }) {
  const { t } = useTranslation();
  const Icon = icons[channel] ?? Globe;
  return <Icon size={10} className="text-brand" strokeWidth={2.4} aria-label={t(`inbox.channel.${channel}`)} />;
}

export function ChannelPill({ channel }: { channel: Conversation["channel"] }) {
  const { t } = useTranslation();
  const Icon = icons[channel] ?? Globe;
  return (
    <Pill tone="brand" icon={<Icon size={12} aria-hidden="true" />} className="max-xl:hidden">
      {t(`inbox.channel.${channel}`)}
    </Pill>
  );
}
