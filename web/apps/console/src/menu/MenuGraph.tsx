import type { CallMenu, MenuNode, NodeKind, Prompt } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { CircleStop, Clock, GitBranch, Grid3x3, Hash, PhoneForwarded, PhoneIncoming, Search, Star, Tag, UsersRound, Voicemail, Volume2, type LucideIcon } from "lucide-react";
import { Graph } from "../edited/Graph";
import { waysOf, type WayField } from "./edit";
import { wayLabel } from "./words";

const kindIcons: Record<NodeKind, LucideIcon> = { play: Volume2, menu: Grid3x3, collect: Hash, queue: UsersRound, callback: PhoneIncoming, survey: Star, hours: Clock, condition: GitBranch, http: Search, set: Tag, voicemail: Voicemail, transfer: PhoneForwarded, hangup: CircleStop };

export interface MenuGraphProps {
  menu: CallMenu;
  prompts: readonly Prompt[];
  open?: string;
  onOpen: (id: string) => void;
  wrong: ReadonlySet<string>;
  /** Where the call is that is tried. */
  here?: string;
}

/** The picture of a menu. */
export function MenuGraph({ menu, prompts, ...rest }: MenuGraphProps) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const label = (node: MenuNode, by: string) => {
    if (by.startsWith("key ")) return by.slice(4);
    if (by.startsWith("case ")) {
      const each = node.cases?.[Number(by.slice(5))];
      return each ? [each.of, ...(each.any ?? [])].join(" ") : "";
    }
    return by === "next" && node.kind !== "queue" && node.kind !== "condition" ? "" : wayLabel(node.kind as NodeKind, by as WayField);
  };
  const said = (key?: string) => {
    const prompt = prompts.find((each) => each.key === key);
    return prompt ? prompt[lang] || prompt.zh || prompt.en : (key ?? "");
  };
  const nodes = menu.nodes.map((node) => ({
    id: node.id,
    icon: kindIcons[node.kind as NodeKind] ?? Volume2,
    kind: t(`menu.kinds.${node.kind as NodeKind}`),
    text: node.name?.[lang] || said(node.prompts?.[0]),
    ways: waysOf(node).map((way) => ({ ...way, label: label(node, way.by) })),
  }));
  return <Graph label={t("menu.picture")} nodes={nodes} start={menu.start} {...rest} />;
}
