package ticket

import "time"

// Work is a work order to a third party, such as a repair shop or a cleaning
// team (R110).
type Work struct {
	ID        WorkID    `json:"id"`
	Provider  string    `json:"provider"`
	Text      string    `json:"text"` // what is to be done; no more of the customer than that needs
	State     WorkState `json:"state"`
	DueAt     time.Time `json:"due_at,omitzero"`
	Result    string    `json:"result,omitzero"`
	IssuedAt  time.Time `json:"issued_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// WorkState is where a work order stands.
type WorkState string
