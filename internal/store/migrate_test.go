package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// addresses are where a database of each engine can be made.
var addresses = map[string]func(t *testing.T) string{
	"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "yingda.db") },
	"postgres": func(t *testing.T) string { return storetest.PostgresAddress(t) },
}

// Customers are found by what was known of them before one could look for it,
// and cases by their tags.
func TestWordsOfBeforeAreFound(t *testing.T) {
	t.Parallel()
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, url := t.Context(), address(t)
			var people, cases strings.Builder
			for i, attributes := range []string{`{"vin":"LSVAU033","plan":"gold <b>"}`, `{}`, `{"note":"` + strings.Repeat("长", 100) + `"}`} {
				fmt.Fprintf(&people, `INSERT INTO contacts (id, person_id, name, phone, email, external_id, signed, language, attributes, tags, device, created_at, last_seen_at, version)
					VALUES (%d, %[1]d, '张', '', '', '', FALSE, 'zh', '%s', '', '', 1, 1, 1);`, i+1, attributes)
			}
			for i, course := range []string{`{"tags":["召回","电池"]}`, `{}`} {
				fmt.Fprintf(&cases, `INSERT INTO cases (id, number, kind, state, subject, text, name, phone, email, order_ref, about_staff, source, sender, client_id, created_at, course)
					VALUES (%d, 'N%[1]d', 'complaint', 'new', '', '', '', '', '', '', FALSE, 'web', 's', 'c%[1]d', 1, '%s');`, i+1, course)
			}
			if err := store.OpenAt(ctx, url, 17, people.String()+cases.String()); err != nil {
				t.Fatal(err)
			}
			db := storetest.Open(t, url)
			for word, want := range map[store.Word]int{
				store.AttributeWord("vin", "LSVAU033"): 1, store.AttributeWord("plan", "gold <b>"): 1, store.AttributeWord("plan", "gold"): 0,
				store.AttributeWord("note", strings.Repeat("长", 100)): 0,
			} {
				found, _, err := db.Now().ListContacts(ctx, nil, []store.Word{word}, "", 10)
				if err != nil || len(found) != want {
					t.Errorf("%v finds %d, %v", word, len(found), err)
				}
			}
			by := agent.Actor{Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.CaseRead}}
			for tag, want := range map[string]int{"召回": 1, "电池": 1, "无": 0} {
				found, _, err := db.Now().ListCases(ctx, store.CaseList{View: store.AllCases, By: by, Tag: tag, Limit: 10})
				if err != nil || len(found) != want {
					t.Errorf("%s finds %d, %v", tag, len(found), err)
				}
			}
		})
	}
}

// What stood beside skills becomes certificates, each once for an agent; one
// that the agent has already is the one that counts.
func TestSkillsGetCertificates(t *testing.T) {
	t.Parallel()
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, url := t.Context(), address(t)
			end := func(y int, m time.Month, d int) int64 { // the last day, as the form wrote its end
				return time.Date(y, m, d+1, 0, 0, 0, 0, time.FixedZone("Shanghai", 8*3600)).UnixMilli()
			}
			old := fmt.Sprintf(`
				INSERT INTO skills (id, name, language) VALUES (1, '英语', 'en'), (2, '高压电', ''), (3, '三包', ''), (4, '叉车', '');
				INSERT INTO agent_skills (agent_id, skill_id, level, certificate, ends_at) VALUES
					(7, 1, 3, '', 0), (7, 2, 4, '低压电工证', %d), (7, 3, 2, '低压电工证', %d), (7, 4, 1, '', %d),
					(8, 1, 5, '雅思 7.5', 0), (8, 2, 1, '高压证', %d), (8, 3, 1, '已有的证', %d);
				INSERT INTO certificates (id, agent_id, kind, name, issuer, number, issued_on, expires_on, attachment_id, note, warned, version)
					VALUES (9, 8, 'certificate', '已有的证', '', '', '2026-01-01', '2030-06-30', NULL, '', 0, 1);`,
				end(2028, 2, 29), end(2027, 12, 31), end(2026, 1, 9), end(2099, 12, 31), end(2027, 3, 1))
			if err := store.OpenAt(ctx, url, 14, old); err != nil {
				t.Fatal(err)
			}
			db := storetest.Open(t, url)
			type held struct{ name, issued, expires string }
			want := map[agent.ID]map[string]string{
				7: {"低压电工证": "2028-02-29", "叉车": "2026-01-09"},
				8: {"雅思 7.5": "", "高压证": "2099-12-31", "已有的证": "2030-06-30"},
			}
			ids := map[agent.CertificateID]held{}
			for who, names := range want {
				cs, err := db.Now().CertificatesOf(ctx, who)
				if err != nil {
					t.Fatal(err)
				}
				if len(cs) != len(names) {
					t.Errorf("agent %d has %+v", who, cs)
				}
				for _, c := range cs {
					if ids[c.ID] = (held{c.Name, c.Issued, c.Expires}); c.Expires != names[c.Name] || c.Check() != nil {
						t.Errorf("%s ends on %q, want %q; %v", c.Name, c.Expires, names[c.Name], c.Check())
					}
				}
			}
			if len(ids) != 5 {
				t.Errorf("ids are not all different: %v", ids)
			}
			skills, err := db.Now().SkillsHeld(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range skills {
				by := map[string]string{"7 1": "", "7 2": "低压电工证", "7 3": "低压电工证", "7 4": "叉车", "8 1": "雅思 7.5", "8 2": "高压证", "8 3": "已有的证"}
				if k := fmt.Sprintf("%d %d", s.Agent, s.Skill); ids[s.Certificate].name != by[k] {
					t.Errorf("%s is held by %q, want %q", k, ids[s.Certificate].name, by[k])
				}
			}
			if len(skills) != 7 {
				t.Errorf("%d skills are held", len(skills))
			}
		})
	}
}

// Of marks that there were before it was kept how they came, those came by the
// link whose link was used, all others by keys.
func TestMarksOfBeforeKnowTheirWay(t *testing.T) {
	t.Parallel()
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, url := t.Context(), address(t)
			var old strings.Builder
			for i, ratings := range []string{`,"ratings":{"overall":4}`, `,"ratings":{"overall":2}`, ``, `,"disposition":"ratings"`} {
				fmt.Fprintf(&old, `INSERT INTO conversations (id, number, inbox_id, channel, contact_id, contact_name, state, agent_name, offer_until, queue_reason, waiting_since, queued_at, priority, language, misses, last_seq, last_text, last_from, last_at, unread, contact_read, contact_has, agent_read, started_at, first_reply_at, closed_at, closed_by, summary, page_url, page_title, version)
					SELECT %d, %[1]d, 1, 'phone', 1, '', 'closed', '', 0, '', 0, 0, 0, 'zh', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', '', 1;
					INSERT INTO calls (id, door_id, program, inbox_id, conversation_id, direction, caller, line, state, walk, record, began_at, answered_at, ended_at, seen_at, notice_at, reason, queue, wait_ms, talk_ms, version)
					VALUES (%[1]d, 'd%[1]d', 'p', 1, %[1]d, 'inbound', '', '', 'ended', '', '{"steps":[{"state":"ended","at":"2026-11-01T00:00:00Z"}]%s}', %[1]d, 1, 1, 1, 0, 'completed', '', 0, 0, 1);`, i+1, ratings)
			}
			for i, done := range []int{0, 5} {
				fmt.Fprintf(&old, `INSERT INTO texts (id, once_key, purpose, number, conversation_id, call_id, filled, body, state, provider, accepted, code, reason, attempt, at, send_at, sent_at, done_at)
					VALUES (%d, 'k%[1]d', 'rating', '', %[1]d, %[1]d, '{}', '', 'sent', '', '', '', '', 0, 1, 1, 1, %d);`, i+1, done)
			}
			if err := store.OpenAt(ctx, url, 36, old.String()); err != nil {
				t.Fatal(err)
			}
			db := storetest.Open(t, url)
			for i, want := range map[call.ID]call.RatingWay{1: call.ByKeys, 2: call.ByLink, 3: "", 4: ""} {
				k, err := db.Now().Call(ctx, i)
				if err != nil || k.Record.RatedBy != want {
					t.Errorf("call %d was rated by %q, want %q; %v", i, k.Record.RatedBy, want, err)
				}
			}
			n := 0
			if err := db.Now().EachRated(ctx, time.UnixMilli(0), time.UnixMilli(100), func(call.Record, agent.TeamID) { n++ }); err != nil || n != 2 {
				t.Errorf("%d are rated, %v", n, err)
			}
		})
	}
}
