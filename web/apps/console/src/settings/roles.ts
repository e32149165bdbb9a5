import { useTranslation } from "@yingda/i18n";

/** The name of the list of roles in the query cache. */
export const rolesKey = ["roles"] as const;

/** Names roles in the reader's language: the built-in ones have words of ours, the others keep their own. */
export function useRoleName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => t(`settings.roles.names.${name}` as "settings.roles.names.agent", { defaultValue: name });
}
