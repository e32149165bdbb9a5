import { audit } from "./en/audit";
import { auth } from "./en/auth";
import { cases, promises } from "./en/case";
import { common } from "./en/common";
import { contact } from "./en/contact";
import { conversation } from "./en/conversation";
import { inbox } from "./en/inbox";
import { knowledge } from "./en/knowledge";
import { search } from "./en/search";
import { settings } from "./en/settings";
import { shell } from "./en/shell";

export const en = { audit, auth, cases, common, contact, conversation, inbox, knowledge, promises, search, settings, shell };
