// Holds types.ts, which the programs use, against schema.d.ts, which is made from the server's own types:
// each must be usable as the other. `npm run check` fails where they part.

import type * as wire from "./schema";
import type * as drafts from "./client";
import type * as ours from "./types";
import type * as people from "./contact";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : "the server has another") : "we have another";
const same = <A, B>(answer: Same<A, B>) => answer;

same<ours.Agent, wire.Agent>(true);
same<ours.APIKey, wire.ApiKey>(true);
same<ours.Article, wire.Article>(true);
same<ours.Attachment, wire.Attachment>(true);
same<ours.AuditEntry, wire.AuditEntry>(true);
same<ours.Canned, wire.Canned>(true);
same<ours.BoardRow, wire.BoardRow>(true);
same<ours.Case, wire.Case>(true);
same<ours.CaseCategory, wire.CaseCategory>(true);
same<ours.CaseDetail, wire.CaseDetail>(true);
same<ours.CaseHandling, wire.Handling>(true);
same<ours.CaseWords, wire.CaseWords>(true);
same<ours.Category, wire.Category>(true);
same<ours.Choice, wire.Choice>(true);
same<ours.Contact, wire.Contact>(true);
same<people.Known, wire.KnownIdentity>(true);
same<people.Merge, wire.ContactMerge>(true);
same<people.MergePreview, wire.MergePreview>(true);
same<people.ContactNote, wire.ContactNote>(true);
same<people.Step, wire.TriedStep>(true);
same<people.ContactField, wire.ContactField>(true);
same<people.Block, wire.ContactBlock>(true);
same<people.Duplicate, wire.Duplicate>(true);
same<people.Twin, wire.Twin>(true);
same<people.ContactImport, wire.ContactImport>(true);
// Nobody has spoken in a conversation that a visitor began by asking for a person; programs show an empty line.
same<Omit<ours.Conversation, "last_from">, Omit<wire.Conversation, "last_from">>(true);
same<ours.Kept, wire.Kept>(true);
same<ours.ClosingDraft, wire.ClosingDraft>(true);
same<ours.KnowledgeCategory, wire.KnowledgeCategory>(true);
same<ours.KnowledgeGap, wire.KnowledgeGap>(true);
same<ours.GapAsk, wire.GapAsk>(true);
same<ours.GapStanding, wire.GapStanding>(true);
same<ours.ShownGap, wire.ShownGap>(true);
same<ours.Tending, wire.Tending>(true);
same<ours.Counts, wire.Counts>(true);
same<ours.Hours, wire.Hours>(true);
same<ours.Inbox, wire.Inbox>(true);
same<ours.InboxSettings, wire.InboxSettings>(true);
same<ours.Filter, wire.Filter>(true);
same<ours.Job, wire.Job>(true);
same<Omit<ours.Me, "assistant">, wire.Me>(true);
same<ours.Message, wire.Message>(true);
same<ours.MessagePage, wire.MessagePage>(true);
same<ours.Notice, wire.Notice>(true);
same<ours.PageView, wire.PageView>(true);
same<ours.Permission, wire.Permission>(true);
same<ours.Question, wire.Question>(true);
same<ours.Role, wire.Role>(true);
same<ours.Session, wire.Session>(true);
same<ours.Settings, wire.Settings>(true);
same<ours.Setup, wire.Setup>(true);
same<ours.Source, wire.Source>(true);
same<ours.Summary, wire.Summary>(true);
same<ours.Team, wire.Team>(true);

same<drafts.CaseDraft, wire.HandIn>(true);
same<drafts.CaseDoing, wire.Doing>(true);
same<drafts.Classification, wire.Classification>(true);
same<drafts.Testimony, wire.Testimony>(true);
same<drafts.TaskDraft, wire.NewTask>(true);
same<drafts.WorkDraft, wire.NewWork>(true);
same<drafts.CasePart, wire.NewPart>(true);
