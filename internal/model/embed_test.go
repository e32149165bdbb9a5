package model_test

import (
	"net/http"
	"slices"
	"testing"

	"yingda/internal/kit/fault"
	"yingda/internal/model"
	"yingda/internal/model/modeltest"
)

// What embedding endpoints do, good and bad, and what the caller gets.
func TestWhatEmbeddingEndpointsDo(t *testing.T) {
	t.Parallel()
	const json = "application/json"
	for _, c := range []struct {
		name  string
		reply modeltest.Reply
		fault string
		kind  fault.Kind
	}{
		{name: "in any order", reply: modeltest.Embeds(func(text string) []float32 {
			if text == "退款" {
				return []float32{3, 4}
			}
			return []float32{0, 2}
		})},
		{name: "another size", reply: modeltest.Embeds(func(text string) []float32 {
			if text == "退款" {
				return []float32{1}
			}
			return []float32{1, 2}
		}), fault: "model.dimensions", kind: fault.Invalid},
		{name: "no direction", reply: modeltest.Embeds(func(string) []float32 { return []float32{0, 0} }), fault: "model.vector", kind: fault.Invalid},
		{name: "no size", reply: modeltest.Embeds(func(string) []float32 { return nil }), fault: "model.dimensions", kind: fault.Invalid},
		{name: "one too few", reply: modeltest.OfKind(json, `{"data":[{"index":0,"embedding":[1]}]}`), fault: "model.vectors", kind: fault.Invalid},
		{name: "one twice", reply: modeltest.OfKind(json, `{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}`), fault: "model.vectors", kind: fault.Invalid},
		{name: "one too many", reply: modeltest.OfKind(json, `{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]},{"index":2,"embedding":[1]}]}`), fault: "model.vectors", kind: fault.Invalid},
		{name: "no vectors", reply: modeltest.OfKind(json, `{}`), fault: "model.vectors", kind: fault.Invalid},
		{name: "larger than a number", reply: modeltest.OfKind(json, `{"data":[{"index":0,"embedding":[1e999]}]}`), fault: "model.broken", kind: fault.Busy},
		{name: "no JSON", reply: modeltest.OfKind(json, `{"data":[{`), fault: "model.broken", kind: fault.Busy},
		{name: "nothing at all", reply: modeltest.Nothing(), fault: "model.broken", kind: fault.Busy},
		{name: "a page", reply: modeltest.OfKind("text/html", "<html>"), fault: "model.kind", kind: fault.Invalid},
		{name: "asked too often", reply: modeltest.TooMany(3), fault: "model.busy", kind: fault.Busy},
		{name: "no such model", reply: modeltest.Fails(http.StatusNotFound, "no such model"), fault: "model.unknown", kind: fault.Invalid},
		{name: "down", reply: modeltest.Fails(http.StatusInternalServerError, "down"), fault: "model.down", kind: fault.Busy},
		{name: "too large", reply: modeltest.Embeds(func(string) []float32 { return slices.Repeat([]float32{1}, 5000) }), fault: "model.dimensions", kind: fault.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := modeltest.Serve(t, func(modeltest.Asked) modeltest.Reply { return c.reply })
			by := &model.Client{Base: e.URL, Key: "k"}
			vectors, used, err := by.Embed(t.Context(), "bge", []string{"退款", "发票"})
			if c.fault != "" {
				if fault.CodeOf(err) != c.fault || fault.KindOf(err) != c.kind || vectors != nil {
					t.Fatalf("%v, %v", vectors, err)
				}
				return
			}
			if err != nil || len(vectors) != 2 || !slices.Equal(vectors[0], []float32{0.6, 0.8}) || !slices.Equal(vectors[1], []float32{0, 1}) || used.In != int64(modeltest.Use.In) {
				t.Fatalf("%v, %+v, %v", vectors, used, err)
			}
			if a := e.Asked()[0]; a.Model != "bge" || a.Key != "k" || !slices.Equal(a.Input, []string{"退款", "发票"}) {
				t.Errorf("it was asked %+v", a)
			}
		})
	}
}
