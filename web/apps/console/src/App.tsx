import { onSignedOut } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { KitProvider, type KitWords } from "@yingda/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useMemo } from "react";
import { queryClient } from "./query";
import { leaveForSignIn, router } from "./router";

onSignedOut(leaveForSignIn);

export function App() {
  const words = useKitCatalogue();
  return (
    <QueryClientProvider client={queryClient}>
      <KitProvider words={words}>
        <RouterProvider router={router} />
      </KitProvider>
    </QueryClientProvider>
  );
}

function useKitCatalogue(): KitWords {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => ({
      close: t("common.close"),
      cancel: t("common.cancel"),
      clear: t("common.clear"),
      loading: t("common.loading"),
      retry: t("common.retry"),
      requestId: t("common.kit.request_id"),
      copy: t("common.copy"),
      copied: t("common.copied"),
      undo: t("common.undo"),
      save: t("common.save"),
      discard: t("common.kit.discard"),
      unsaved: t("common.kit.unsaved"),
      loadMore: t("common.load_more"),
      noMatches: t("common.kit.no_matches"),
      search: t("common.search"),
      required: t("common.required"),
      notifications: t("common.kit.notifications"),
      actions: t("common.kit.actions"),
    }),
    [t, i18n.language],
  );
}
