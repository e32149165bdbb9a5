package help

import (
	"testing"
	"time"

	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
)

// What is withdrawn is gone before what is left has been made ready, and what
// is corrected is read corrected.
func TestWithdrawnAtOnce(t *testing.T) {
	at := time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC)
	gone := knowledge.Question{ID: knowledge.NewQuestionID(at), Question: "如何申请退款", Answer: "在我的订单中申请。", Language: "zh", UpdatedAt: at}
	kept := knowledge.Question{ID: knowledge.NewQuestionID(at), Question: "退款多久到账", Answer: "五个工作日。", Language: "zh", UpdatedAt: at}
	before := lay([]knowledge.Question{gone, kept}, nil, empty).prepared(retrieve.Plain)
	kept.Answer = "三个工作日。"
	between := lay([]knowledge.Question{kept}, nil, before)
	h := &Help{}
	h.shelf.Store(between)
	if _, ok := h.PublicQuestion(int64(gone.ID)); ok {
		t.Error("what was withdrawn is still read")
	}
	if e, ok := h.PublicQuestion(int64(kept.ID)); !ok || e.Body != "三个工作日。" {
		t.Errorf("what was corrected reads %q", e.Body)
	}
	if found, n := h.Search(Search{Words: "如何申请退款", Language: "zh", Size: 5}); n != 1 || found[0].ID != kept.ID.String() {
		t.Errorf("found %v", found)
	}
	after := between.prepared(retrieve.Plain)
	if after.version == between.version {
		t.Error("what is ready has the version of what is not: pages made between would be kept")
	}
	if after.asked.Len() != 1 || before.asked.Len() != 2 {
		t.Errorf("%d questions are ready, %d were", after.asked.Len(), before.asked.Len())
	}
}
