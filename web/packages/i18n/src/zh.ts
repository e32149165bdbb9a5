import { audit } from "./zh/audit";
import { auth } from "./zh/auth";
import { cases, promises } from "./zh/case";
import { common } from "./zh/common";
import { contact } from "./zh/contact";
import { conversation } from "./zh/conversation";
import { inbox } from "./zh/inbox";
import { knowledge } from "./zh/knowledge";
import { search } from "./zh/search";
import { settings } from "./zh/settings";
import { shell } from "./zh/shell";

export const zh = { audit, auth, cases, common, contact, conversation, inbox, knowledge, promises, search, settings, shell };
