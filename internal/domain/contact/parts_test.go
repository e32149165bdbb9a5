package contact_test

import (
	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
)

func text(zh, en string) inbox.Text { return inbox.Text{Zh: zh, En: en} }

// actor is an agent who sees customers and no restricted fields.
func actor() agent.Actor {
	return agent.Actor{Permissions: []agent.Permission{agent.ContactRead, agent.ContactEdit}}
}
