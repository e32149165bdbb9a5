package model

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"mime"
	"strconv"

	"yingda/internal/kit/fault"
)

// EmbedMost is how many texts are embedded in one call; several endpoints take
// no more.
const EmbedMost = 10

// mostDimensions keeps a call of EmbedMost texts within MostBytes.
const mostDimensions = 4096

// Embed returns the texts as vectors of length 1 in the order of the texts, all
// of the same number of dimensions (嵌入向量). At most [EmbedMost] texts go into
// one call.
func (c *Client) Embed(ctx context.Context, name string, texts []string) (vectors [][]float32, u Usage, err error) {
	body, err := json.Marshal(map[string]any{"model": name, "input": texts, "encoding_format": "float"})
	if err != nil {
		return nil, u, err
	}
	var w wireVectors
	err = c.send(ctx, "/embeddings", body, func(kind string, from io.Reader) error {
		if is, _, err := mime.ParseMediaType(kind); err != nil || is != "application/json" {
			return fault.New(fault.Invalid, "model.kind", "what answers at the model's address is no model (%s)", kind)
		}
		b, err := io.ReadAll(from)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &w); err != nil {
			return broken(err)
		}
		return nil
	})
	if err != nil {
		return nil, u, err
	}
	if u = w.Usage.usage(); u.In <= 0 {
		u = Usage{Estimated: true}
		for _, t := range texts {
			u.In += estimate(t)
		}
	}
	vectors, err = w.ordered(len(texts))
	return vectors, u, err
}

type wireVectors struct {
	Data []struct {
		Index  int       `json:"index"`
		Vector []float32 `json:"embedding"`
	} `json:"data"`
	Usage *wireUsage `json:"usage"`
}

// ordered returns n vectors in the order of their texts. One that is missing,
// twice there, of other dimensions than the rest, or no direction at all spoils
// them all: a vector at the wrong text would find the wrong answer.
func (w wireVectors) ordered(n int) ([][]float32, error) {
	vectors := make([][]float32, n)
	for _, d := range w.Data {
		if d.Index < 0 || d.Index >= n || vectors[d.Index] != nil {
			return nil, errVectors(len(w.Data), n)
		}
		if len(d.Vector) == 0 || len(d.Vector) > mostDimensions || len(d.Vector) != len(w.Data[0].Vector) {
			return nil, fault.New(fault.Invalid, "model.dimensions", "the embedding model writes vectors of different sizes (%s and %s)", strconv.Itoa(len(w.Data[0].Vector)), strconv.Itoa(len(d.Vector)))
		}
		if !unit(d.Vector) {
			return nil, fault.New(fault.Invalid, "model.vector", "the embedding model wrote a vector without a direction")
		}
		vectors[d.Index] = d.Vector
	}
	if len(w.Data) != n {
		return nil, errVectors(len(w.Data), n)
	}
	return vectors, nil
}

func errVectors(got, want int) *fault.Error {
	return fault.New(fault.Invalid, "model.vectors", "the embedding model wrote %s vectors for %s texts", strconv.Itoa(got), strconv.Itoa(want))
}

// unit makes a vector one of length 1; false if it has no direction.
func unit(v []float32) bool {
	var squares float64
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	length := math.Sqrt(squares)
	if length == 0 || math.IsNaN(length) || math.IsInf(length, 0) {
		return false
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / length)
	}
	return true
}
