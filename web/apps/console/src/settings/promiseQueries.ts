import { useQuery } from "@tanstack/react-query";
import { handling, promises, type Terms } from "@yingda/api";
import { currentLanguage, t } from "@yingda/i18n";
import { useState } from "react";
import { queryClient } from "../query";
import { namesTo } from "./category";
import { inLanguage, type MatchWords } from "./terms";

export const promiseKeys = {
  terms: ["promises"] as const,
  presets: ["promises", "presets"] as const,
  versions: ["promises", "versions"] as const,
  days: (code: string, year: number, version: number) => ["promises", "days", code, year, version] as const,
  handling: ["case-handling"] as const,
  words: ["case-kinds"] as const,
};

/** What is promised now. */
export function useTerms() {
  return useQuery({ queryKey: promiseKeys.terms, queryFn: promises.get });
}

/** The version of the terms that a form was opened with. After a conflict `again` takes that of what somebody else has saved, upon which the next try is. */
export function useOpened(version: number): { opened: number; again: () => void } {
  const [opened, setOpened] = useState(version);
  const again = async () => setOpened((await queryClient.fetchQuery({ queryKey: promiseKeys.terms, queryFn: promises.get, staleTime: 0 })).version);
  return { opened, again: () => void again() };
}

/** How cases are handled now. */
export function useHandling() {
  return useQuery({ queryKey: promiseKeys.handling, queryFn: handling.get });
}

/** The kinds of case, levels and states, as the server names them. */
export function useCaseWords() {
  return useQuery({ queryKey: promiseKeys.words, queryFn: handling.words, staleTime: Infinity });
}

/** Takes what a write answered as what is promised now, and reads the history again. */
export function keepTerms(terms: Terms) {
  queryClient.setQueryData(promiseKeys.terms, terms);
  void queryClient.invalidateQueries({ queryKey: promiseKeys.versions });
}

export const channels = ["phone", "webchat", "email", "portal", "widget", "letter", "visit"] as const;

/** The names of codes in matches: from the server where it has them. */
export function useMatchWords(): MatchWords {
  const words = useCaseWords().data;
  const tree = useHandling().data?.categories ?? [];
  const language = currentLanguage();
  const named = (list: readonly { code: string; name: { zh: string; en: string } }[]) => Object.fromEntries(list.map(({ code, name }) => [code, inLanguage(name, language)]));
  return {
    all: t("promises.match.all"),
    join: " · ",
    kinds: { ...named((words?.kinds ?? []).map(({ kind, name }) => ({ code: kind, name }))), conversation: t("promises.match.conversation"), call: t("promises.match.call") },
    levels: named(words?.levels ?? []),
    channels: Object.fromEntries(channels.map((channel) => [channel, t(`promises.channel.${channel}`)])),
    category: (id) => namesTo(tree, id, (name) => inLanguage(name, language))?.join(" / ") ?? (id === "refund" || id === "repair" || id === "warranty" ? t(`promises.law_category.${id}`) : id),
  };
}
