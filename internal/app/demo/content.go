// Package demo is the company that the demonstration shows: 远行汽车, a maker of
// cars that does not exist, with its knowledge base, customers and dialogues.
package demo

import (
	_ "embed" // the files
	"encoding/json"
	"time"

	"yingda/internal/domain/flow"
	"yingda/internal/domain/knowledge"
)

//go:embed knowledge.json
var knowledgeFile []byte

//go:embed people.json
var peopleFile []byte

//go:embed dialogues.json
var dialoguesFile []byte

//go:embed trees.json
var treesFile []byte

// Trees returns the troubleshooting trees.
func Trees() (trees []flow.Flow, err error) { return trees, json.Unmarshal(treesFile, &trees) }

// Knowledge returns the questions and articles, ready to be imported.
func Knowledge() (qs []knowledge.Question, as []knowledge.Article, err error) {
	var file struct {
		Questions []knowledge.Question
		Articles  []knowledge.Article
	}
	err = json.Unmarshal(knowledgeFile, &file)
	return file.Questions, file.Articles, err
}

// Person is a customer.
type Person struct {
	Name       string
	Language   string
	Phone      string
	Email      string
	ExternalID string `json:"external_id"`
	City       string
	Note       string
	Vehicle    Vehicle
}

// Vehicle is a customer's car.
type Vehicle struct {
	Model     string
	Year      int
	Plate     string
	VIN       string
	MileageKM int `json:"mileage_km"`
}

// People returns the customers.
func People() (ps []Person, err error) { return ps, json.Unmarshal(peopleFile, &ps) }

// Dialogue is a conversation as it stands when the demonstration begins.
type Dialogue struct {
	Contact  string // a person's name
	Language string
	State    string  // as conversation.State says
	Agent    string  // the first part of the agent's address: lin, zhao
	Page     string  // the title of the page where it began
	HoursAgo float64 `json:"hours_ago"` // when it began
	Priority int
	Category string // of the summary
	Result   string // empty until it is closed
	Note     string
	Messages []Line
}

// Line is one message of a dialogue.
type Line struct {
	From string // contact, assistant, agent or note
	Text string
}

// Began returns when the dialogue began.
func (d Dialogue) Began(now time.Time) time.Time {
	return now.Add(-time.Duration(d.HoursAgo * float64(time.Hour)))
}

// Dialogues returns the conversations, newest first within each state.
func Dialogues() (ds []Dialogue, err error) { return ds, json.Unmarshal(dialoguesFile, &ds) }
