package main

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestCalcErlang(t *testing.T) {
	hundred := " --calls 100 --interval 30m --aht 180s --target 20s"
	for _, c := range []struct {
		args string
		want map[string]float64
	}{
		{"erlang-c --agents 14" + hundred, map[string]float64{
			"wait_probability": 0.1741319336, "asa_seconds": 7.8359370, "service_level": 0.8883500192, "occupancy": 0.7142857143,
		}},
		{"erlang-c --goal 0.8 --max-occupancy 0.85" + hundred, map[string]float64{
			"agents": 14, "wait_probability": 0.1741319336, "asa_seconds": 7.8359370, "service_level": 0.8883500192, "occupancy": 0.7142857143,
		}},
		{"erlang-a --agents 13 --patience 300s" + hundred, map[string]float64{
			"wait_probability": 0.2257970840, "asa_seconds": 6.9139683, "service_level": 0.8581777000, "occupancy": 0.7500282,
			"abandon_probability": 0.0249633036, "mean_wait_seconds": 7.4889911,
		}},
		{"erlang-a --goal 0.8 --patience 300s" + hundred, map[string]float64{
			"agents": 13, "wait_probability": 0.2257970840, "asa_seconds": 6.9139683, "service_level": 0.8581777000, "occupancy": 0.7500282,
			"abandon_probability": 0.0249633036, "mean_wait_seconds": 7.4889911,
		}},
	} {
		var out, errs bytes.Buffer
		status := run(append([]string{"calc"}, strings.Fields(c.args)...), streams{&out, &errs})
		got := map[string]any{}
		if err := json.Unmarshal(out.Bytes(), &got); status != 0 || err != nil {
			t.Errorf("%s: exit %d, %v, %s", c.args, status, err, errs.String())
			continue
		}
		if why, ok := got["why"].([]any); !ok || len(why) < 3 || len(got) != len(c.want)+1 {
			t.Errorf("%s: %s", c.args, out.String())
		}
		for name, want := range c.want {
			if v, ok := got[name].(float64); !ok || math.Abs(v-want) > 1e-6 {
				t.Errorf("%s: %s is %v, want %v", c.args, name, got[name], want)
			}
		}
	}
}

func TestCalcErlangRefuses(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"erlang-c --calls 100 --aht 180s --agents 10", 1, "at least 11"},
		{"erlang-c --calls 100 --aht 180s", 1, "--goal"},
		{"erlang-c --calls 0 --aht 180s --agents 10", 1, "above 0"},
		{"erlang-c --calls NaN --aht 180s --agents 10", 1, "above 0"},
		{"erlang-c --calls 100 --aht 180s --goal 1.5", 1, "between 0 and 1"},
		{"erlang-c --calls 100 --aht 180s --agents 10 --goal 0.8", 2, "--goal"},
		{"erlang-c --calls 100 --aht 180s --agents 15 --max-occupancy 0.5", 1, "--goal"},
		{"erlang-a --calls 36000 --aht 1000s --agents 1 --patience 2000000h", 1, "Erlang C"},
		{"erlang-c --calls 100 --aht soon --agents 10", 2, "--aht"},
		{"erlang-c --aht 180s --agents 10", 2, "--calls"},
		{"erlang-a --calls 100 --aht 180s --agents 10", 2, "--patience"},
		{"erlang-a --calls 100 --aht 180s --agents 10 --patience=-5s", 1, "above 0"},
	} {
		var out, errs bytes.Buffer
		status := run(append([]string{"calc"}, strings.Fields(c.args)...), streams{&out, &errs})
		if status != c.status || out.Len() > 0 && status == 1 || !strings.Contains(errs.String(), c.says) {
			t.Errorf("%s: exit %d, %q, %q", c.args, status, out.String(), errs.String())
		}
		if status == 1 && strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%s: more than one line: %q", c.args, errs.String())
		}
	}
}
