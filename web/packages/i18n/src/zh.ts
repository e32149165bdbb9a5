import { audit } from "./zh/audit";
import { auth } from "./zh/auth";
import { automation } from "./zh/automation";
import { bulk } from "./zh/bulk";
import { board, cases } from "./zh/case";
import { common } from "./zh/common";
import { contact } from "./zh/contact";
import { conversation } from "./zh/conversation";
import { inbox } from "./zh/inbox";
import { knowledge } from "./zh/knowledge";
import { promises } from "./zh/promise";
import { reports } from "./zh/report";
import { reward } from "./zh/reward";
import { search } from "./zh/search";
import { settings } from "./zh/settings";
import { shell } from "./zh/shell";
import { verification } from "./zh/verification";

export const zh = { audit, auth, automation, board, cases, common, contact, conversation, inbox, knowledge, promises, reports, reward, search, settings, shell, verification };
import { views } from "./zh/view";

export const zh = { audit, auth, automation, board, bulk, cases, common, contact, conversation, inbox, knowledge, promises, reports, reward, search, settings, shell, views };
