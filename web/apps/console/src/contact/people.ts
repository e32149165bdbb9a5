import { people, type Contact, type ContactField, type ConversationDetail, type ID, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { useQuery, type QueryClient } from "@tanstack/react-query";
import { keys } from "../query";

/** Something else is known of a contact, or they became part of another: reads again what shows them. */
export function contactChanged(client: QueryClient, id: ID): void {
  void client.invalidateQueries({ queryKey: ["people"] });
  for (const root of ["contact", "contacts", "contact-conversations", "contact-pages", "cases-of"]) void client.invalidateQueries({ queryKey: [root] });
  const shows = (contact: Contact) => contact.id === id || contact.also.includes(id);
  void client.invalidateQueries({
    predicate: ({ queryKey, state }) => {
      const detail = queryKey[0] === "conversation" ? (state.data as ConversationDetail | undefined) : undefined;
      return detail !== undefined && (shows(detail.contact) || detail.conversation.contact_id === id);
    },
  });
}

/** What an administrator says that is known of customers. */
export function useFields() {
  return useQuery({ queryKey: keys.contactFields, queryFn: people.fields, staleTime: 300_000 });
}

/** A value of a field as people read it. */
export function useValue() {
  const { i18n } = useTranslation();
  const language: Lang = i18n.language.startsWith("en") ? "en" : "zh";
  return (field: ContactField | undefined, value: string) => field?.choices?.find(({ code }) => code === value)?.name[language] ?? value;
}

/** The name of a field, or the code of one that nobody defined. */
export function useFieldName() {
  const { i18n } = useTranslation();
  const language: Lang = i18n.language.startsWith("en") ? "en" : "zh";
  const fields = useFields().data?.items;
  return (code: string) => fields?.find((field) => field.code === code)?.name[language] ?? code;
}
