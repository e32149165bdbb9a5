package ticket

// Urgency is how soon harm is done if nothing happens; Impact is how much.
type (
	Urgency int
	Impact  int
)

// Priority is how a case stands among others: 1 is first.
type Priority int
