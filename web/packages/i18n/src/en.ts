import { audit } from "./en/audit";
import { auth } from "./en/auth";
import { automation } from "./en/automation";
import { bulk } from "./en/bulk";
import { board, cases } from "./en/case";
import { common } from "./en/common";
import { contact } from "./en/contact";
import { conversation } from "./en/conversation";
import { inbox } from "./en/inbox";
import { knowledge } from "./en/knowledge";
import { promises } from "./en/promise";
import { reports } from "./en/report";
import { reward } from "./en/reward";
import { search } from "./en/search";
import { settings } from "./en/settings";
import { shell } from "./en/shell";
import { verification } from "./en/verification";

export const en = { audit, auth, automation, board, cases, common, contact, conversation, inbox, knowledge, promises, reports, reward, search, settings, shell, verification };
import { views } from "./en/view";

export const en = { audit, auth, automation, board, bulk, cases, common, contact, conversation, inbox, knowledge, promises, reports, reward, search, settings, shell, views };
