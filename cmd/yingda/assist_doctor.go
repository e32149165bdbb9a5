package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"yingda/internal/assist"
	"yingda/internal/domain/endpoint"
	"yingda/internal/kit/fault"
	"yingda/internal/model"
)

// assistDoctorCommand puts a language model through what the assistant will
// want of it.
type assistDoctorCommand struct {
	BaseURL string `name:"base-url" required:"" help:"Where the model is, such as https://api.example.com/v1. Without encryption in the own network only."`
	Model   string `help:"Name of the model. Local servers that have one need none."`
	Vectors string `name:"embedding" placeholder:"NAME" help:"Name of the embedding model, where there is one: it is looked at too."`
	KeyEnv  string `name:"key-env" placeholder:"NAME" help:"The environment variable that holds the key. A key never stands on the command line."`
	JSON    bool   `name:"json" help:"Print a JSON object instead of a list."`
}

// errUnfit is how a model that fails a check ends the command.
var errUnfit = errors.New("the assistant cannot work with this model as it is; see what fails above")

func (c *assistDoctorCommand) Run(s streams) error {
	set, err := endpoint.Settings{Enabled: true, BaseURL: c.BaseURL, Model: "any"}.Checked()
	if err != nil {
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return fmt.Errorf("--base-url %s: %s", c.BaseURL, f.Message())
		}
		return err
	}
	key := ""
	if c.KeyEnv != "" {
		if key = os.Getenv(c.KeyEnv); key == "" {
			return fmt.Errorf("--key-env %s: this variable is not set or empty", c.KeyEnv)
		}
	}
	by := &model.Client{Base: set.BaseURL, Key: key, HTTP: model.Transport()}
	found := assist.Examine(context.Background(), by, c.Model, time.Now) //nolint:forbidigo // calls take seconds
	if c.Vectors != "" {
		found = append(found, assist.ExamineVectors(context.Background(), by, c.Vectors, time.Now)) //nolint:forbidigo // as above
	}
	if c.JSON {
		err = json.NewEncoder(s.Out).Encode(map[string]any{"base_url": set.BaseURL, "model": c.Model, "ok": assist.Healthy(found), "checks": found})
	} else {
		for _, f := range found {
			fmt.Fprintf(s.Out, "%-5s %-13s %s\n", f.State, f.Check, f.Says)
		}
	}
	if err == nil && !assist.Healthy(found) {
		err = errUnfit
	}
	return err
}
